"""Forms of payments."""

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.core.i18n import lazy_
from portal.payments.rules import LONGEST_FAILURE, LONGEST_REASON


class Day(DateField):  # type: ignore[misc]
    """A day as browsers send it; anything else is named, with the mend."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say how to write it."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(lazy_("This is not a day of the calendar: write it as in 2026-03-31.")) from None


class ApproveForm(FlaskForm):  # type: ignore[misc]
    """The version that was on the screen."""

    version = IntegerField(validators=[InputRequired()])


class SendBackForm(FlaskForm):  # type: ignore[misc]
    """Why a tranche goes back."""

    reason = TextAreaField(
        lazy_("What is missing, and how to mend it"),
        validators=[InputRequired(lazy_("Write the reason: the recipient reads it.")), Length(max=LONGEST_REASON)],
    )


class TakeBackForm(FlaskForm):  # type: ignore[misc]
    """Why an approval is undone."""

    reason = TextAreaField(
        lazy_("Why the approval is taken back"), id="take-back-reason",
        description=lazy_("The recipient reads it, and whoever looks at the books later."),
        validators=[InputRequired(lazy_("Write the reason: the recipient reads it.")), Length(max=LONGEST_REASON)],
    )  # fmt: skip


class OrderForm(FlaskForm):  # type: ignore[misc]
    """The day on which the bank is to pay."""

    execution_on = Day(
        lazy_("Day of payment"), validators=[InputRequired(lazy_("Write the day on which the bank is to pay."))]
    )


class PaidForm(FlaskForm):  # type: ignore[misc]
    """The day on the bank statement."""

    paid_on = Day(
        lazy_("Day on the bank statement"), validators=[InputRequired(lazy_("Write the day on the bank statement."))]
    )


class FailedForm(FlaskForm):  # type: ignore[misc]
    """Why the bank did not pay."""

    reason = TextAreaField(
        lazy_("Reason given by the bank"),
        validators=[
            InputRequired(lazy_("Write why the bank did not pay: the recipient reads it.")),
            Length(max=LONGEST_FAILURE),
        ],
    )


class PlaceForm(FlaskForm):  # type: ignore[misc]
    """Where a list goes on: the term and key of the last row."""

    class Meta:
        """Read from the address."""

        csrf = False

    due = DateField(validators=[Optional()])
