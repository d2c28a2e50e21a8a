"""Forms of guarantees."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.core.i18n import lazy_
from portal.documents.operations import Arrived
from portal.grants.forms import tidy
from portal.payments.amounts import MoneyField
from portal.payments.forms import Day
from portal.payments.guarantees.labels import KINDS
from portal.payments.guarantees.operations import LONGEST_ACT, GuaranteeTyped
from portal.payments.guarantees.rules import LONGEST_ISSUER, LONGEST_NUMBER, LONGEST_REASON, GuarantorKind


class GuaranteeForm(FlaskForm):  # type: ignore[misc]
    """A guarantee, as its text says."""

    kind = SelectField(
        lazy_("Who gives it"),
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
        validators=[InputRequired(lazy_("Choose who gives the guarantee."))],
    )
    issuer = StringField(
        lazy_("Name of the guarantor"), filters=[tidy],
        validators=[InputRequired(lazy_("Write who gives the guarantee.")), Length(max=LONGEST_ISSUER)],
    )  # fmt: skip
    number = StringField(
        lazy_("Number of the guarantee"), filters=[tidy],
        validators=[InputRequired(lazy_("Write its number.")), Length(max=LONGEST_NUMBER)],
    )  # fmt: skip
    amount = MoneyField(
        lazy_("Amount guaranteed"), validators=[InputRequired(lazy_("Write the amount that is guaranteed."))]
    )
    valid_until = Day(
        lazy_("Last day"), validators=[Optional()], description=lazy_("Empty only where it is renewed by itself.")
    )
    renews = BooleanField(lazy_("It is renewed by itself until the office releases it in writing"))
    first_demand = BooleanField(lazy_("It pays on first demand"))
    waives_excussion = BooleanField(lazy_("The guarantor renounces art. 1944, second paragraph, of the civil code"))
    waives_term = BooleanField(lazy_("The guarantor renounces art. 1957, second paragraph, of the civil code"))
    file = FileField(
        lazy_("Text of the guarantee"),
        description=lazy_("PDF or signed PDF (p7m), at most 10 MB."),
        render_kw={"accept": ".pdf,.p7m"},
    )

    def typed(self, file: Arrived | None) -> GuaranteeTyped:
        """What was typed. Raises Invalid for an amount that is none."""
        return GuaranteeTyped(
            kind=GuarantorKind(self.kind.data), issuer=self.issuer.data, number=self.number.data,
            amount_cents=self.amount.cents() or 0, valid_until=self.valid_until.data, renews=self.renews.data,
            first_demand=self.first_demand.data, waives_excussion=self.waives_excussion.data,
            waives_term=self.waives_term.data, file=file,
        )  # fmt: skip


class RefuseForm(FlaskForm):  # type: ignore[misc]
    """Why a guarantee does not serve."""

    reason = TextAreaField(
        lazy_("What is missing, and how to mend it"),
        validators=[InputRequired(lazy_("Write what is missing: the recipient reads it.")), Length(max=LONGEST_REASON)],
    )


class ReleaseForm(FlaskForm):  # type: ignore[misc]
    """The act that gives a guarantee back."""

    act = StringField(
        lazy_("Number of the act"), filters=[tidy],
        validators=[InputRequired(lazy_("Write the number of the act.")), Length(max=LONGEST_ACT)],
    )  # fmt: skip
    released_on = Day(lazy_("Day of the act"), validators=[InputRequired(lazy_("Write the day of the act."))])
