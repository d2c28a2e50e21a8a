"""The pages of an organisation: creating it, its people, the account to be paid, verified facts."""

from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.organisations import (
    WRITTEN,
    BankDetailsForm,
    OrganisationForm,
    ProfileForm,
    RejectionForm,
    Seat,
    as_kept,
    rejection_of,
    show_difference,
)
from portal.access.labels import BANK_DETAILS, FACTS, KINDS, LEGAL_FORMS, MEMBERS, OFFERS
from portal.access.operations import bank_details as accounts
from portal.access.operations import organisations
from portal.access.policy import Action
from portal.access.queries.members import earlier_names
from portal.access.queries.organisations import organisation_page, organisation_seen, profile_to_edit
from portal.access.rules import ACCOUNT_RESTS_FOR, LegalForm, OrganisationKind, masked_iban
from portal.access.rules.facts import TELL_BEFORE, local_day
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Invalid, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("organisations", __name__, url_prefix="/organisations")


@bp.get("/new")
@declares(Action.ORGANISATION_CREATE)
def create() -> ResponseReturnValue:
    """The form of a new organisation or group."""
    return page("organisations/create.html", form=OrganisationForm(formdata=None))


@bp.post("/new")
@declares(Action.ORGANISATION_CREATE)
def create_it() -> ResponseReturnValue:
    """Create it, with the person as who represents it."""
    form = OrganisationForm()
    if not form.validate():
        return page("organisations/create.html", 422, form=form)
    try:
        with unit_of_work() as session:
            profile = _profile(form, OrganisationKind(form.kind.data))
            found = organisations.create_organisation(session, profile=profile, actor=current_actor(), now=now())
            location = url_for("organisations.show", organisation_id=found.id)
    except Invalid as refusal:
        return page("organisations/create.html", show_refusal(form, refusal), form=form)
    return go_to(location)


@bp.get("/<uuid:organisation_id>")
@declares(Action.ORGANISATION_READ)
def show(organisation_id: UUID) -> ResponseReturnValue:
    """Profile, people, account (masked), verified facts."""
    with reading() as session:
        found = organisation_page(session, organisation_id, current_actor(), now())
        today = local_day(now())
        return page(
            "organisations/show.html", shown=found, kinds=KINDS, legal_forms=LEGAL_FORMS, member_labels=MEMBERS,
            account_labels=BANK_DETAILS, fact_labels=FACTS, offer_labels=OFFERS, masked=masked_iban,
            today=today, tells_from=today + TELL_BEFORE, earlier=earlier_names(session, organisation_id),
            rejections={each.id: rejection_of(each.id) for each in found.accounts},
        )  # fmt: skip


@bp.get("/<uuid:organisation_id>/edit")
@declares(Action.ORGANISATION_EDIT)
def edit(organisation_id: UUID) -> ResponseReturnValue:
    """The profile, to be kept right."""
    with reading() as session:
        found, people = profile_to_edit(session, organisation_id, current_actor(), now())
        form = ProfileForm(formdata=None, data=as_kept(found)).offer(people).for_kind(found.kind)
        return page("organisations/edit.html", organisation=found, form=form)


@bp.post("/<uuid:organisation_id>/edit")
@declares(Action.ORGANISATION_EDIT)
def save(organisation_id: UUID) -> ResponseReturnValue:
    """Keep what was typed; a stale page overwrites nothing, and nothing typed is lost."""
    with reading() as session:
        found, people = profile_to_edit(session, organisation_id, current_actor(), now())
        form = ProfileForm().offer(people).for_kind(found.kind)
        if not form.validate():
            return page("organisations/edit.html", 422, organisation=found, form=form)
        profile = _profile(form, found.kind)
    try:
        _save(organisation_id, profile, form.version.data)
    except (Invalid, organisations.ChangedMeanwhile) as refusal:
        return _not_saved(organisation_id, form, refusal)
    return _back(organisation_id, _("The profile was saved."))


def _save(organisation_id: UUID, profile: organisations.OrganisationProfile, version: int) -> None:
    with unit_of_work() as session:
        organisations.edit_organisation(
            session, organisation_id=organisation_id, profile=profile, version_seen=version, actor=current_actor(),
            now=now(),
        )  # fmt: skip


def _not_saved(organisation_id: UUID, form: ProfileForm, refusal: Refusal) -> ResponseReturnValue:
    with reading() as session:
        found, _people = profile_to_edit(session, organisation_id, current_actor(), now())
        status = show_refusal(form, refusal)
        if isinstance(refusal, organisations.ChangedMeanwhile):
            show_difference(form, found)
        return page("organisations/edit.html", status, organisation=found, form=form)


@bp.get("/<uuid:organisation_id>/bank-details")
@declares(Action.BANK_DETAILS_PROPOSE)
def bank_details(organisation_id: UUID) -> ResponseReturnValue:
    """The form of a new account."""
    return _account_page(organisation_id, BankDetailsForm(formdata=None))


@bp.post("/<uuid:organisation_id>/bank-details")
@declares(Action.BANK_DETAILS_PROPOSE)
def propose_bank_details(organisation_id: UUID) -> ResponseReturnValue:
    """Propose the account to be paid."""
    form = BankDetailsForm()
    if not form.validate():
        return _account_page(organisation_id, form, 422)
    try:
        with unit_of_work() as session:
            accounts.propose_bank_details(
                session, organisation_id=organisation_id, iban=form.iban.data, holder=form.holder.data,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        return _account_page(organisation_id, form, show_refusal(form, refusal))
    return _back(organisation_id, _("The account was proposed. It counts once the finance office has verified it."))


@bp.post("/<uuid:organisation_id>/bank-details/<uuid:bank_details_id>/verify")
@declares(Action.BANK_DETAILS_VERIFY)
def verify_bank_details(organisation_id: UUID, bank_details_id: UUID) -> ResponseReturnValue:
    """Confirm the account somebody else proposed."""
    with unit_of_work() as session:
        accounts.verify_bank_details(
            session, organisation_id=organisation_id, bank_details_id=bank_details_id, actor=current_actor(), now=now()
        )
    return _back(organisation_id, _("The account is verified."))


@bp.post("/<uuid:organisation_id>/bank-details/<uuid:bank_details_id>/reject")
@declares(Action.BANK_DETAILS_REJECT)
def reject_bank_details(organisation_id: UUID, bank_details_id: UUID) -> ResponseReturnValue:
    """Turn away an account that is not to be paid."""
    form = RejectionForm()
    reason = form.reason.data or "" if form.validate() else ""
    with unit_of_work() as session:
        accounts.reject_bank_details(
            session, organisation_id=organisation_id, bank_details_id=bank_details_id, reason=reason,
            actor=current_actor(), now=now(),
        )  # fmt: skip
    return _back(organisation_id, _("The account was rejected. Everybody who represents the organisation was told."))


def _profile(form: Seat, kind: OrganisationKind) -> organisations.OrganisationProfile:
    """What was typed; fields that a kind of applicant has not stay empty."""
    typed = {field.name: field.data for field in form}
    written = {name: typed.get(name) or "" for name in WRITTEN}
    chosen = typed.get("representative_id")
    return organisations.OrganisationProfile(
        kind=kind,
        legal_form=LegalForm(typed["legal_form"]) if typed.get("legal_form") else None,
        representative_id=UUID(chosen) if chosen else None,
        founded_on=typed.get("founded_on"),
        **written,
    )


def _account_page(organisation_id: UUID, form: BankDetailsForm, status: int = 200) -> ResponseReturnValue:
    hours = int(ACCOUNT_RESTS_FOR.total_seconds() // 3600)
    with reading() as session:
        seen = organisation_seen(session, organisation_id, current_actor(), Action.BANK_DETAILS_PROPOSE)
        return page("organisations/bank_details.html", status, organisation=seen.organisation, form=form, hours=hours)


def _back(organisation_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return go_to(url_for("organisations.show", organisation_id=organisation_id))
