"""The pages of an organisation: creating it, its people, the account to be paid, verified facts."""

from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.access.forms.organisations import BankDetailsForm, DurcForm, OrganisationForm
from portal.access.labels import BANK_DETAILS, FACTS, KINDS, LEGAL_FORMS, MEMBERS
from portal.access.operations import organisations
from portal.access.policy import Action
from portal.access.queries.organisations import organisation_page, organisation_seen
from portal.access.rules import LegalForm, OrganisationKind, masked_iban
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
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
            found = organisations.create_organisation(session, profile=_profile(form), actor=current_actor(), now=now())
            location = url_for("organisations.show", organisation_id=found.id)
    except Invalid as refusal:
        return page("organisations/create.html", 422, form=with_refusal(form, refusal))
    return go_to(location)


@bp.get("/<uuid:organisation_id>")
@declares(Action.ORGANISATION_READ)
def show(organisation_id: UUID) -> ResponseReturnValue:
    """Profile, people, account (masked), verified facts."""
    with reading() as session:
        found = organisation_page(session, organisation_id, current_actor(), now())
        return page(
            "organisations/show.html", shown=found, kinds=KINDS, legal_forms=LEGAL_FORMS, member_labels=MEMBERS,
            account_labels=BANK_DETAILS, fact_labels=FACTS, masked=masked_iban, today=now().date(),
        )  # fmt: skip


@bp.get("/<uuid:organisation_id>/bank-details")
@declares(Action.BANK_DETAILS_PROPOSE)
def bank_details(organisation_id: UUID) -> ResponseReturnValue:
    """The form of a new account."""
    return _form_page(
        "organisations/bank_details.html", organisation_id, BankDetailsForm(formdata=None), Action.BANK_DETAILS_PROPOSE
    )


@bp.post("/<uuid:organisation_id>/bank-details")
@declares(Action.BANK_DETAILS_PROPOSE)
def propose_bank_details(organisation_id: UUID) -> ResponseReturnValue:
    """Propose the account to be paid."""
    form = BankDetailsForm()
    template, action = "organisations/bank_details.html", Action.BANK_DETAILS_PROPOSE
    if not form.validate():
        return _form_page(template, organisation_id, form, action, 422)
    try:
        with unit_of_work() as session:
            organisations.propose_bank_details(
                session, organisation_id=organisation_id, iban=form.iban.data, holder=form.holder.data,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        return _form_page(template, organisation_id, with_refusal(form, refusal), action, 422)
    return _back(organisation_id, _("The account was proposed. It counts once the finance office has verified it."))


@bp.post("/<uuid:organisation_id>/bank-details/<uuid:bank_details_id>/verify")
@declares(Action.BANK_DETAILS_VERIFY)
def verify_bank_details(organisation_id: UUID, bank_details_id: UUID) -> ResponseReturnValue:
    """Confirm the account somebody else proposed."""
    with unit_of_work() as session:
        organisations.verify_bank_details(session, bank_details_id=bank_details_id, actor=current_actor(), now=now())
    return _back(organisation_id, _("The account is verified."))


@bp.get("/<uuid:organisation_id>/durc")
@declares(Action.FACT_RECORD)
def durc(organisation_id: UUID) -> ResponseReturnValue:
    """The form of a checked DURC."""
    return _form_page("organisations/durc.html", organisation_id, DurcForm(formdata=None), Action.FACT_RECORD)


@bp.post("/<uuid:organisation_id>/durc")
@declares(Action.FACT_RECORD)
def record_durc(organisation_id: UUID) -> ResponseReturnValue:
    """Record a DURC: valid for 120 days from its issue."""
    form = DurcForm()
    if not form.validate():
        return _form_page("organisations/durc.html", organisation_id, form, Action.FACT_RECORD, 422)
    try:
        with unit_of_work() as session:
            organisations.record_durc(
                session, organisation_id=organisation_id, issued_on=form.issued_on.data, source=form.source.data,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        form = with_refusal(form, refusal)
        return _form_page("organisations/durc.html", organisation_id, form, Action.FACT_RECORD, 422)
    return _back(organisation_id, _("The DURC was recorded."))


def with_refusal(form: FlaskForm, refusal: Invalid) -> FlaskForm:
    """The form with a refusal beside the field it names, else above all fields."""
    if refusal.field and refusal.field in form:
        form[refusal.field].errors = [str(refusal)]
    else:
        form.form_errors.append(str(refusal))
    return form


def _profile(form: OrganisationForm) -> organisations.OrganisationProfile:
    return organisations.OrganisationProfile(
        kind=OrganisationKind(form.kind.data),
        legal_form=LegalForm(form.legal_form.data) if form.legal_form.data else None,
        name=form.name.data,
        fiscal_code=form.fiscal_code.data or "",
        email=form.email.data,
        address=form.address.data,
        city=form.city.data,
        district=form.district.data or "",
    )


def _form_page(
    template: str, organisation_id: UUID, form: FlaskForm, action: Action, status: int = 200
) -> ResponseReturnValue:
    with reading() as session:
        seen = organisation_seen(session, organisation_id, current_actor(), action)
        return page(template, status, organisation=seen.organisation, form=form)


def _back(organisation_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return go_to(url_for("organisations.show", organisation_id=organisation_id))
