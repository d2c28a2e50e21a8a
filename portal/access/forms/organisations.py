"""Forms of the organisation's profile, its account and its facts."""

from flask_wtf import FlaskForm
from wtforms import DateField, EmailField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from portal.access.forms.fields import line
from portal.access.labels import KINDS, LEGAL_FORMS
from portal.access.rules import ENTITY_FORMS
from portal.core.i18n import lazy_
from portal.core.text import REPLACEMENT


class OrganisationForm(FlaskForm):  # type: ignore[misc]
    """Who applies: an organisation, or an informal group."""

    kind = RadioField(
        lazy_("Who are you?"),
        choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()],
        validators=[InputRequired(lazy_("Say whether you are an organisation or an informal group."))],
    )
    name = StringField(
        lazy_("Name"),
        filters=[line],
        validators=[
            DataRequired(lazy_("Write the name.")),
            Length(max=200),
            Regexp(
                f"^[^{REPLACEMENT}]*$", message=lazy_("The name holds a character that cannot be kept. Write it again.")
            ),
        ],
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
    email = EmailField(
        lazy_("E-mail address for official messages"),
        filters=[line],
        validators=[
            DataRequired(lazy_("Write an e-mail address.")),
            Length(max=320),
            Regexp(
                r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+$",
                message=lazy_("This is not an e-mail address. Write it like name@example.it."),
            ),
        ],
        render_kw={"autocomplete": "email"},
    )
    address = StringField(
        lazy_("Street and number"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the address.")), Length(max=300)],
        render_kw={"autocomplete": "street-address"},
    )
    city = StringField(
        lazy_("City"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the city.")), Length(max=120)],
        render_kw={"autocomplete": "address-level2"},
    )
    district = StringField(lazy_("Quarter"), filters=[line], validators=[Optional(), Length(max=120)])


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


class DurcForm(FlaskForm):  # type: ignore[misc]
    """A certificate of regular contributions that the office has checked."""

    issued_on = DateField(
        lazy_("Date of issue"), validators=[InputRequired(lazy_("Write the date of issue, for example 02/03/2026."))]
    )
    source = StringField(
        lazy_("Where it was checked"),
        filters=[line],
        validators=[DataRequired(lazy_("Say where the certificate was checked.")), Length(max=300)],
        description=lazy_("For example: INPS protocol number."),
    )
