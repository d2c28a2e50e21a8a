"""The form of an answer on tax debts."""

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from portal.core.i18n import lazy_
from portal.grants.forms import tidy
from portal.payments.amounts import MoneyField
from portal.payments.forms import Day
from portal.payments.taxes.labels import OUTCOMES
from portal.payments.taxes.operations import AnswerTyped
from portal.payments.taxes.rules import LONGEST_REFERENCE, DebtOutcome


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What the collecting agent answered."""

    outcome = RadioField(
        lazy_("What was answered"),
        choices=[SelectChoice(outcome.value, words) for outcome, words in OUTCOMES.items()],
        validators=[InputRequired(lazy_("Say what was answered."))],
    )
    checked_on = Day(lazy_("Day of the answer"), validators=[InputRequired(lazy_("Write the day of the answer."))])
    reference = StringField(
        lazy_("Number of the answer"), filters=[tidy],
        validators=[InputRequired(lazy_("Write the number of the answer.")), Length(max=LONGEST_REFERENCE)],
    )  # fmt: skip
    debt = MoneyField(lazy_("How much is owed"), description=lazy_("Only where debts were found."))

    def typed(self) -> AnswerTyped:
        """What was typed. Raises Invalid for an amount that is none."""
        return AnswerTyped(
            outcome=DebtOutcome(self.outcome.data), checked_on=self.checked_on.data, reference=self.reference.data,
            debt_cents=self.debt.cents() or 0,
        )  # fmt: skip
