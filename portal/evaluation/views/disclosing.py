"""Access to documents: asked for and objected to by applicants, decided by the office, taken once signed in."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.arrival import arrived_at
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.web import send_stored
from portal.evaluation import operations
from portal.evaluation.after_forms import DecisionForm, ObjectionForm, RequestForm, TellForm
from portal.evaluation.afterwards import DisclosureStatus
from portal.evaluation.labels import DISCLOSURE_LABELS
from portal.evaluation.queries.disclosing import asking_page, disclosure, notice_of
from portal.evaluation.views.blueprint import bp


@bp.get("/applications/<uuid:application_id>/documents-of-the-evaluation")
@declares(Action.DISCLOSURE_READ)
def asking(application_id: UUID) -> ResponseReturnValue:
    """What was asked for, what others ask of it, and a form to ask."""
    return _asking(application_id)


@bp.post("/applications/<uuid:application_id>/documents-of-the-evaluation")
@declares(Action.DISCLOSURE_ASK)
def ask(application_id: UUID) -> ResponseReturnValue:
    """Ask for documents."""
    form = RequestForm()
    if not form.validate():
        return _asking(application_id, 422, form)
    try:
        with unit_of_work() as session:
            operations.ask_for_documents(session, application_id=application_id, wants=form.wants.data,
                                         interest=form.interest.data, actor=current_actor(), now=now())  # fmt: skip
    except Refusal as refusal:
        return _asking(application_id, show_refusal(form, refusal), form)
    flash(_("The request is registered: the office decides within 30 days."))
    return go_to(url_for("evaluation.asking", application_id=application_id))


@bp.get("/disclosures/notices/<uuid:notice_id>")
@declares(Action.DISCLOSURE_OBJECT)
def objecting(notice_id: UUID) -> ResponseReturnValue:
    """Somebody asks for documents that concern this applicant."""
    return _objecting(notice_id, ObjectionForm(formdata=None))


@bp.post("/disclosures/notices/<uuid:notice_id>")
@declares(Action.DISCLOSURE_OBJECT)
def object_to(notice_id: UUID) -> ResponseReturnValue:
    """Object with reasons."""
    received_at, form = arrived_at(), ObjectionForm()
    if not form.validate():
        return _objecting(notice_id, form, 422)
    try:
        with unit_of_work() as session:
            operations.object_to_disclosure(session, notice_id=notice_id, text=form.text.data, actor=current_actor(),
                                            received_at=received_at, now=now())  # fmt: skip
    except Refusal as refusal:
        return _objecting(notice_id, form, show_refusal(form, refusal))
    flash(_("Your objection reached the office."))
    return go_to(url_for("evaluation.objecting", notice_id=notice_id))


@bp.get("/disclosures/<uuid:disclosure_id>")
@declares(Action.DISCLOSURE_DECIDE)
def deciding(disclosure_id: UUID) -> ResponseReturnValue:
    """A request as the office decides it."""
    return _deciding(disclosure_id)


@bp.post("/disclosures/<uuid:disclosure_id>/told")
@declares(Action.DISCLOSURE_DECIDE)
def tell(disclosure_id: UUID) -> ResponseReturnValue:
    """Tell a counter-interested applicant."""
    form = TellForm()
    if not form.validate():
        return _deciding(disclosure_id, 422, tell_form=form)
    return _done(disclosure_id, form, "tell_form", _("The applicant is told and may object within 10 days."),
                 operations.tell_counter_interested, reference=form.told_reference.data)  # fmt: skip


@bp.post("/disclosures/<uuid:disclosure_id>/decision")
@declares(Action.DISCLOSURE_DECIDE)
def decide(disclosure_id: UUID) -> ResponseReturnValue:
    """Grant, grant in part, refuse."""
    form = DecisionForm()
    if not form.validate():
        return _deciding(disclosure_id, 422, decision_form=form)
    return _done(disclosure_id, form, "decision_form", _("Decided: the applicant is told."), operations.decide_request,
                 status=DisclosureStatus(form.decision.data), reason=form.reason.data)  # fmt: skip


@bp.post("/disclosures/<uuid:disclosure_id>/documents")
@declares(Action.DISCLOSURE_READ)
def take(disclosure_id: UUID) -> ResponseReturnValue:
    """Take the released documents; that they were taken is recorded."""
    with unit_of_work(once=False) as session:
        found = operations.take_bundle(session, request_id=disclosure_id, actor=current_actor(), now=now())
        return send_stored(found)


def _done(disclosure_id: UUID, form: Any, name: str, words: str, operation: Any, **given: Any) -> ResponseReturnValue:
    try:
        with unit_of_work() as session:
            operation(session, request_id=disclosure_id, actor=current_actor(), now=now(), **given)
    except Refusal as refusal:
        return _deciding(disclosure_id, show_refusal(form, refusal), **{name: form})
    flash(words)
    return go_to(url_for("evaluation.deciding", disclosure_id=disclosure_id))


def _asking(application_id: UUID, status: int = 200, form: RequestForm | None = None) -> ResponseReturnValue:
    with reading() as session:
        found = asking_page(session, current_actor(), application_id)
        return page("evaluation/asking.html", status, found=found, form=form or RequestForm(formdata=None),
                    states=DISCLOSURE_LABELS)  # fmt: skip


def _objecting(notice_id: UUID, form: ObjectionForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = notice_of(session, notice_id, current_actor())
        return page("evaluation/objecting.html", status, found=found, form=form)


def _deciding(disclosure_id: UUID, status: int = 200, **forms: Any) -> ResponseReturnValue:
    with reading() as session:
        found = disclosure(session, disclosure_id, current_actor(), Action.DISCLOSURE_DECIDE)
        return page(
            "evaluation/deciding.html", status, found=found, form=next(iter(forms.values()), None),
            tell_form=forms.get("tell_form") or TellForm(formdata=None),
            decision_form=forms.get("decision_form") or DecisionForm(formdata=None), states=DISCLOSURE_LABELS,
        )  # fmt: skip
