"""Consortia: forming one, its organisations, and what one's own organisation agrees to."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.consortia import ConsortiumForm, PartnerForm
from portal.access.labels import PARTNERS
from portal.access.operations import consortia
from portal.access.policy import Action
from portal.access.queries.consortia import consortia_page, partners_page
from portal.access.queries.organisations import organisation_seen
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.errors import status_of
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("consortia", __name__, url_prefix="/organisations")
OWN = "/<uuid:organisation_id>/consortia"
IN_ONE = f"{OWN}/<uuid:consortium_id>"
PARTNERS_OF = "/<uuid:consortium_id>/partners"
PARTNER = f"{PARTNERS_OF}/<uuid:partner_id>"


@bp.get(f"{OWN}/new")
@declares(Action.CONSORTIUM_MANAGE)
def forming(organisation_id: UUID) -> ResponseReturnValue:
    """The form of a new consortium that this organisation leads."""
    return _forming(organisation_id, ConsortiumForm(formdata=None))


@bp.post(f"{OWN}/new")
@declares(Action.CONSORTIUM_MANAGE)
def form(organisation_id: UUID) -> ResponseReturnValue:
    """Form it; its partners are asked next."""
    typed = ConsortiumForm()
    if not typed.validate():
        return _forming(organisation_id, typed, 422)
    try:
        with unit_of_work() as session:
            made = consortia.form_consortium(
                session, lead_id=organisation_id, name=typed.name.data, actor=current_actor(), now=now()
            )
            there = url_for("consortia.partners", consortium_id=made.id)
    except (Invalid, Conflict) as refusal:
        return _forming(organisation_id, typed, show_refusal(typed, refusal))
    return _said(_("The consortium was formed. Now ask its partners."), there)


@bp.get(OWN)
@declares(Action.ORGANISATION_READ)
def own(organisation_id: UUID) -> ResponseReturnValue:
    """The consortia this organisation takes part in, or is asked into."""
    return _own(organisation_id)


@bp.post(f"{IN_ONE}/agree")
@declares(Action.CONSORTIUM_AGREE)
def agree(organisation_id: UUID, consortium_id: UUID) -> ResponseReturnValue:
    """Take part."""
    return _answer(
        organisation_id, consortium_id, consortia.agree_to_consortium, _("Your organisation takes part now.")
    )


@bp.post(f"{IN_ONE}/decline")
@declares(Action.CONSORTIUM_AGREE)
def decline(organisation_id: UUID, consortium_id: UUID) -> ResponseReturnValue:
    """Do not take part."""
    said = _("Your organisation does not take part; the lead was told.")
    return _answer(organisation_id, consortium_id, consortia.decline_consortium, said)


@bp.post(f"{IN_ONE}/leave")
@declares(Action.CONSORTIUM_AGREE)
def leave(organisation_id: UUID, consortium_id: UUID) -> ResponseReturnValue:
    """Go."""
    said = _("Your organisation left the consortium; the others were told.")
    return _answer(organisation_id, consortium_id, consortia.leave_consortium, said)


@bp.post(f"{IN_ONE}/take-lead")
@declares(Action.CONSORTIUM_AGREE)
def take_lead(organisation_id: UUID, consortium_id: UUID) -> ResponseReturnValue:
    """Lead from now on."""
    return _answer(
        organisation_id, consortium_id, consortia.take_lead, _("Your organisation leads the consortium now.")
    )


@bp.post(f"{IN_ONE}/refuse-lead")
@declares(Action.CONSORTIUM_AGREE)
def refuse_lead(organisation_id: UUID, consortium_id: UUID) -> ResponseReturnValue:
    """Stay a partner."""
    return _answer(organisation_id, consortium_id, consortia.refuse_lead, _("Your organisation stays a partner."))


@bp.get(PARTNERS_OF)
@declares(Action.ORGANISATION_READ)
def partners(consortium_id: UUID) -> ResponseReturnValue:
    """The organisations of a consortium."""
    return _partners(consortium_id, PartnerForm(formdata=None))


@bp.post(PARTNERS_OF)
@declares(Action.CONSORTIUM_MANAGE)
def ask_partner(consortium_id: UUID) -> ResponseReturnValue:
    """Ask an organisation to take part."""
    typed = PartnerForm()
    if not typed.validate():
        return _partners(consortium_id, typed, 422)
    try:
        with unit_of_work() as session:
            consortia.invite_partner(
                session, consortium_id=consortium_id, fiscal_code=typed.fiscal_code.data, actor=current_actor(),
                now=now(),
            )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        return _partners(consortium_id, typed, show_refusal(typed, refusal))
    said = _("The organisation was asked: it takes part once whoever represents it has agreed.")
    return _said(said, url_for("consortia.partners", consortium_id=consortium_id))


@bp.post(f"{PARTNER}/withdraw")
@declares(Action.CONSORTIUM_MANAGE)
def withdraw_partner(consortium_id: UUID, partner_id: UUID) -> ResponseReturnValue:
    """Take back what an organisation has not agreed to."""
    said = _("The organisation is no longer asked.")
    return _manage(consortium_id, partner_id, consortia.withdraw_partner, said)


@bp.post(f"{PARTNER}/offer-lead")
@declares(Action.CONSORTIUM_MANAGE)
def offer_lead(consortium_id: UUID, partner_id: UUID) -> ResponseReturnValue:
    """Offer a partner to lead."""
    said = _("The lead was offered: it changes once whoever represents the partner has agreed.")
    return _manage(consortium_id, partner_id, consortia.offer_lead, said)


def _answer(
    organisation_id: UUID, consortium_id: UUID, operation: Callable[..., object], said: str
) -> ResponseReturnValue:
    """What one's own organisation says; a refusal stands on the page it was said on."""
    try:
        with unit_of_work() as session:
            operation(
                session, consortium_id=consortium_id, organisation_id=organisation_id, actor=current_actor(), now=now()
            )
    except Conflict as refusal:
        return _own(organisation_id, status_of(refusal), refusal=refusal)
    return _said(said, url_for("consortia.own", organisation_id=organisation_id))


def _manage(consortium_id: UUID, partner_id: UUID, operation: Callable[..., object], said: str) -> ResponseReturnValue:
    """What the lead does about one organisation."""
    try:
        with unit_of_work() as session:
            operation(
                session, consortium_id=consortium_id, organisation_id=partner_id, actor=current_actor(), now=now()
            )
    except Conflict as refusal:
        return _partners(consortium_id, PartnerForm(formdata=None), status_of(refusal), refusal=refusal)
    return _said(said, url_for("consortia.partners", consortium_id=consortium_id))


def _said(said: str, there: str) -> ResponseReturnValue:
    flash(said, "success")
    return go_to(there)


def _forming(organisation_id: UUID, typed: ConsortiumForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        seen = organisation_seen(session, organisation_id, current_actor(), Action.CONSORTIUM_MANAGE)
        return page("organisations/form_consortium.html", status, organisation=seen.organisation, form=typed)


def _own(organisation_id: UUID, status: int = 200, **given: Any) -> ResponseReturnValue:
    with reading() as session:
        shown = consortia_page(session, organisation_id, current_actor())
        context = {"shown": shown, "labels": PARTNERS, "refusal": None} | given
        return page("organisations/consortia.html", status, **context)


def _partners(consortium_id: UUID, typed: PartnerForm, status: int = 200, **given: Any) -> ResponseReturnValue:
    with reading() as session:
        shown = partners_page(session, consortium_id, current_actor())
        context = {"shown": shown, "labels": PARTNERS, "form": typed, "refusal": None} | given
        return page("organisations/partners.html", status, **context)
