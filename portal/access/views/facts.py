"""Documents of an organisation: handed in, recorded, verified, refused, downloaded."""

from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.facts import FactForm, OfferForm, RefusalForm, VerificationForm
from portal.access.labels import FACTS, OFFERS
from portal.access.operations import facts
from portal.access.policy import Action
from portal.access.queries.facts import fact_file, offer_for
from portal.access.queries.organisations import organisation_seen
from portal.access.rules import FactKind
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.operations import Arrived
from portal.documents.receiving import one_arriving
from portal.documents.web import send_stored

bp = Blueprint("facts", __name__, url_prefix="/organisations/<uuid:organisation_id>")


@bp.get("/documents/offer")
@declares(Action.FACT_OFFER)
def offer(organisation_id: UUID) -> ResponseReturnValue:
    """The form of a document to hand in."""
    return _form_page("organisations/offer.html", organisation_id, OfferForm(formdata=None), Action.FACT_OFFER)


@bp.post("/documents/offer")
@declares(Action.FACT_OFFER)
def hand_in(organisation_id: UUID) -> ResponseReturnValue:
    """Hand a document in to the office."""
    form, action = OfferForm(), Action.FACT_OFFER
    if not form.validate():
        return _form_page("organisations/offer.html", organisation_id, form, action, 422)
    try:
        with _arriving(organisation_id, form, action) as file, unit_of_work() as session:
            facts.offer_fact(
                session, organisation_id=organisation_id, kind=FactKind(form.kind.data),
                issued_on=form.issued_on.data, upload=file, actor=current_actor(), now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        return _form_page("organisations/offer.html", organisation_id, form, action, show_refusal(form, refusal))
    return _back(organisation_id, _("The document was handed in. The office verifies it."))


@bp.get("/documents/record")
@declares(Action.FACT_RECORD)
def record(organisation_id: UUID) -> ResponseReturnValue:
    """The form of a fact that the office has checked by itself."""
    return _form_page("organisations/record.html", organisation_id, FactForm(formdata=None), Action.FACT_RECORD)


@bp.post("/documents/record")
@declares(Action.FACT_RECORD)
def record_it(organisation_id: UUID) -> ResponseReturnValue:
    """Record a fact that the office has checked by itself."""
    form, action = FactForm(), Action.FACT_RECORD
    if not form.validate():
        return _form_page("organisations/record.html", organisation_id, form, action, 422)
    try:
        with _arriving(organisation_id, form, action) as file, unit_of_work() as session:
            facts.record_fact(
                session, organisation_id=organisation_id, seen=_seen(form, FactKind(form.kind.data)), upload=file,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        return _form_page("organisations/record.html", organisation_id, form, action, show_refusal(form, refusal))
    return _back(organisation_id, _("The document was recorded."))


@bp.get("/facts/<uuid:fact_id>/file")
@declares(Action.ORGANISATION_READ)
def download(organisation_id: UUID, fact_id: UUID) -> ResponseReturnValue:
    """The file of a verified fact, to whoever may open the page of the organisation (P13)."""
    with reading() as session:
        return send_stored(fact_file(session, organisation_id, fact_id, current_actor()))


@bp.get("/offers/<uuid:offer_id>/file")
@declares(Action.ORGANISATION_READ)
def download_offer(organisation_id: UUID, offer_id: UUID) -> ResponseReturnValue:
    """The file that members handed in, to the same people."""
    with reading() as session:
        return send_stored(
            offer_for(session, organisation_id, offer_id, current_actor(), Action.ORGANISATION_READ).file
        )


@bp.get("/offers/<uuid:offer_id>")
@declares(Action.FACT_RECORD)
def judge(organisation_id: UUID, offer_id: UUID) -> ResponseReturnValue:
    """A document that waits: verify it, or refuse it."""
    return _offer_page(organisation_id, offer_id)


@bp.post("/offers/<uuid:offer_id>/verify")
@declares(Action.FACT_RECORD)
def verify(organisation_id: UUID, offer_id: UUID) -> ResponseReturnValue:
    """The document holds: it becomes a verified fact."""
    form = VerificationForm()
    if not form.validate():
        return _offer_page(organisation_id, offer_id, verification=form, status=422)
    try:
        with unit_of_work() as session:
            offered = offer_for(session, organisation_id, offer_id, current_actor())
            facts.verify_offer(
                session, organisation_id=organisation_id, offer_id=offer_id, seen=_seen(form, offered.kind),
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        return _offer_page(organisation_id, offer_id, verification=form, status=show_refusal(form, refusal))
    return _back(organisation_id, _("The document is verified. Whoever handed it in was told."))


@bp.post("/offers/<uuid:offer_id>/refuse")
@declares(Action.FACT_RECORD)
def refuse(organisation_id: UUID, offer_id: UUID) -> ResponseReturnValue:
    """The document does not hold, and why."""
    form = RefusalForm()
    if not form.validate():
        return _offer_page(organisation_id, offer_id, refusal=form, status=422)
    given: dict[str, Any] = {"reason": form.reason.data, "actor": current_actor(), "now": now()}
    try:
        with unit_of_work() as session:
            facts.refuse_offer(session, organisation_id=organisation_id, offer_id=offer_id, **given)
    except (Invalid, Conflict) as refused:
        return _offer_page(organisation_id, offer_id, refusal=form, status=show_refusal(form, refused))
    return _back(organisation_id, _("The document was refused. Whoever handed it in was told why."))


def _arriving(
    organisation_id: UUID, form: OfferForm | FactForm, action: Action
) -> AbstractContextManager[Arrived | None]:
    asked = partial(facts.file_rules, organisation_id=organisation_id, action=action, actor=current_actor())
    return one_arriving(form.file.data or None, asked)


def _seen(form: VerificationForm, kind: FactKind) -> facts.FactSeen:
    return facts.FactSeen(
        kind=kind, issued_on=form.issued_on.data, source=form.source.data, expires_on=form.expires_on.data,
        note=form.note.data or "",
    )  # fmt: skip


def _offer_page(
    organisation_id: UUID, offer_id: UUID, *, verification: VerificationForm | None = None,
    refusal: RefusalForm | None = None, status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    with reading() as session:
        offered = offer_for(session, organisation_id, offer_id, current_actor())
        return page(
            "organisations/judge.html", status, offer=offered, organisation=offered.organisation,
            verification=verification or VerificationForm(formdata=None, issued_on=offered.issued_on),
            refusal=refusal or RefusalForm(formdata=None), failed=verification or refusal, fact_labels=FACTS,
            offer_labels=OFFERS,
        )  # fmt: skip


def _form_page(
    template: str, organisation_id: UUID, form: Any, action: Action, status: int = 200
) -> ResponseReturnValue:
    with reading() as session:
        seen = organisation_seen(session, organisation_id, current_actor(), action)
        return page(template, status, organisation=seen.organisation, form=form)


def _back(organisation_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return go_to(url_for("organisations.show", organisation_id=organisation_id, _anchor="facts"))
