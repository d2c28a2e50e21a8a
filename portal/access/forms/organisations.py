"""Forms of the organisation's profile and of its account."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    EmailField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp
from wtforms.widgets import HiddenInput

from portal.access.forms.fields import line
from portal.access.labels import KINDS, LEGAL_FORMS
from portal.access.models import Organisation
from portal.access.rules import ENTITY_FORMS, OrganisationKind
from portal.core.i18n import lazy_
from portal.core.text import REPLACEMENT

NOBODY = ""
WRITTEN = (
    "name", "fiscal_code", "representative_name", "email", "address", "postal_code", "city", "province", "district",
    "vat_number", "runts_number", "pec", "phone", "website", "mission",
)  # fmt: skip
BEGINS_HERE = (OrganisationKind.LEGAL_ENTITY, OrganisationKind.INFORMAL_GROUP)
OF_ENTITIES = ("legal_form", "fiscal_code", "vat_number", "runts_number")
"""What neither a group nor a consortium has."""

kept = Regexp(f"^[^{REPLACEMENT}]*$", message=lazy_("The name holds a character that cannot be kept. Write it again."))
like_an_address = Regexp(
    r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+$",
    message=lazy_("This is not an e-mail address. Write it like name@example.it."),
)


class Seat(FlaskForm):  # type: ignore[misc]
    """Who an organisation is and where: what is asked when it is added."""

    name = StringField(
        lazy_("Name"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the name.")), Length(max=200), kept],
        description=lazy_("As in the statute; for a group, the name people know it by."),
        render_kw={"autocomplete": "organization"},
    )
    legal_form = SelectField(
        lazy_("Legal form"),
        choices=[
            SelectChoice("", lazy_("Choose…")),
            *(SelectChoice(form.value, LEGAL_FORMS[form]) for form in ENTITY_FORMS),
        ],
        validators=[Optional()],
        description=lazy_("Only for organisations."),
    )
    fiscal_code = StringField(
        lazy_("Codice fiscale of the organisation"),
        filters=[line],
        validators=[Length(max=40)],
        description=lazy_("11 digits or 16 characters. Only for organisations."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    representative_name = StringField(
        lazy_("Legal representative"),
        filters=[line],
        validators=[Optional(), Length(max=200), kept],
        description=lazy_("Name and surname; for a group, the person who answers for it. Empty: you."),
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        lazy_("E-mail address for official messages"),
        filters=[line],
        validators=[DataRequired(lazy_("Write an e-mail address.")), Length(max=320), like_an_address],
        render_kw={"autocomplete": "email"},
    )
    address = StringField(
        lazy_("Street and number"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the address.")), Length(max=300)],
        render_kw={"autocomplete": "street-address"},
    )
    postal_code = StringField(
        lazy_("CAP"),
        filters=[line],
        validators=[Optional(), Length(max=10)],
        render_kw={"autocomplete": "postal-code", "inputmode": "numeric"},
    )
    city = StringField(
        lazy_("City"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the city.")), Length(max=120)],
        render_kw={"autocomplete": "address-level2"},
    )
    province = StringField(
        lazy_("Province"),
        filters=[line],
        validators=[Optional(), Length(max=10)],
        description=lazy_("Two letters, like BA."),
        render_kw={"autocomplete": "address-level1"},
    )
    district = StringField(lazy_("Quarter"), filters=[line], validators=[Optional(), Length(max=120)])


class OrganisationForm(Seat):
    """Who applies: an organisation, or an informal group."""

    kind = RadioField(
        lazy_("Who are you?"),
        choices=[SelectChoice(kind.value, KINDS[kind]) for kind in BEGINS_HERE],
        validators=[InputRequired(lazy_("Say whether you are an organisation or an informal group."))],
    )


class ProfileForm(Seat):
    """The whole profile, to be kept right; `version` is the one that was on the page (P4)."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    representative_id = SelectField(
        lazy_("Account of the legal representative"),
        validators=[Optional()],
        description=lazy_("When the representative is one of your people here."),
    )
    vat_number = StringField(
        lazy_("Partita IVA"),
        filters=[line],
        validators=[Optional(), Length(max=40)],
        description=lazy_("11 digits, if the organisation has one."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    runts_number = StringField(
        lazy_("RUNTS number"),
        filters=[line],
        validators=[Optional(), Length(max=20)],
        description=lazy_("The number in the register of the third sector, if registered."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    founded_on = DateField(lazy_("Founded on"), validators=[Optional()])
    pec = StringField(
        lazy_("PEC (certified e-mail)"),
        filters=[line],
        validators=[Optional(), Length(max=320), like_an_address],
        render_kw={"autocomplete": "off"},
    )
    phone = StringField(
        lazy_("Telephone"), filters=[line], validators=[Optional(), Length(max=40)], render_kw={"autocomplete": "tel"}
    )
    website = StringField(
        lazy_("Website"), filters=[line], validators=[Optional(), Length(max=300)], render_kw={"autocomplete": "url"}
    )
    mission = TextAreaField(lazy_("What you do, in a few lines"), validators=[Optional(), Length(max=1000)])

    def offer(self, people: Iterable[tuple[UUID, str]]) -> "ProfileForm":
        """The people of the organisation, to choose the representative's account from."""
        choices = [SelectChoice(str(key), name) for key, name in dict(people).items()]
        self.representative_id.choices = [SelectChoice(NOBODY, lazy_("None of these people")), *choices]
        return self

    def for_kind(self, kind: OrganisationKind) -> "ProfileForm":
        """Without what this kind of applicant has not."""
        if kind is not OrganisationKind.LEGAL_ENTITY:
            for name in OF_ENTITIES:
                del self[name]
        return self


def as_kept(organisation: Organisation) -> dict[str, Any]:
    """A profile as the form shows it before anything is typed."""
    shown: dict[str, Any] = {name: getattr(organisation, name) for name in (*WRITTEN, "founded_on", "version")}
    shown = {name: "" if value is None and name in WRITTEN else value for name, value in shown.items()}
    shown["runts_number"] = str(shown["runts_number"])
    shown["legal_form"] = organisation.legal_form.value
    shown["representative_id"] = str(organisation.representative_id or NOBODY)
    return shown


def show_difference(form: ProfileForm, organisation: Organisation) -> None:
    """Beside each field that somebody else changed, what stands there now; saving again is saving over it."""
    kept = as_kept(organisation)
    for name, field in form._fields.items():
        if name in kept and name != "version" and (field.data or "") != (kept[name] or ""):
            now_here = dict(getattr(field, "choices", None) or ()).get(kept[name], kept[name])
            field.errors = [*field.errors, str(lazy_("Kept now: %(value)s", value=now_here or "–"))]
    form.version.raw_data = [str(organisation.version)]


class BankDetailsForm(FlaskForm):  # type: ignore[misc]
    """The account to be paid."""

    iban = StringField(
        lazy_("IBAN"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the IBAN.")), Length(max=60)],
        description=lazy_("27 characters, blanks do not matter."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    holder = StringField(
        lazy_("Holder of the account"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the holder of the account, as the bank knows it.")), Length(max=140)],
        description=lazy_("The organisation itself: payments to another name are sent back by the bank."),
    )


class RejectionForm(FlaskForm):  # type: ignore[misc]
    """Why an account is not to be paid."""

    reason = StringField(
        lazy_("Why, in a few words"), filters=[line], validators=[Optional(), Length(max=500)],
        description=lazy_("Whoever proposed it and everybody who represents the organisation read it."),
    )  # fmt: skip


def rejection_of(account_id: UUID) -> RejectionForm:
    """The form for one account: several stand on one page, each with ids of its own."""
    form = RejectionForm(formdata=None)
    form.reason.id = form.reason.label.field_id = f"reason-{account_id.hex}"
    return form
