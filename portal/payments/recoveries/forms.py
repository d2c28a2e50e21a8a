"""Forms of recoveries."""

from collections.abc import Sequence
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.core.i18n import lazy_
from portal.grants.forms import tidy
from portal.payments.amounts import MoneyField
from portal.payments.forms import Day
from portal.payments.guarantees.models import Guarantee
from portal.payments.recoveries.operations import ReceiptTyped, RecoveryTyped
from portal.payments.recoveries.rules import LONGEST_REASON, LONGEST_REFERENCE


class PlanForm(FlaskForm):  # type: ignore[misc]
    """What a recovery would be, before it is decided."""

    class Meta:
        """Read from the address."""

        csrf = False

    claim = SelectField(lazy_("What it follows from"))
    cents = MoneyField(
        lazy_("Amount to be returned"), validators=[Optional()],
        description=lazy_("Empty: all of it. Of an act always all of it."),
    )  # fmt: skip
    instalments = IntegerField(lazy_("Monthly instalments"), validators=[Optional()], default=1)


class DecideForm(FlaskForm):  # type: ignore[misc]
    """The act, bound to the plan that was shown."""

    claim = HiddenField(validators=[InputRequired()])
    cents = HiddenField()
    instalments = HiddenField()
    seen = HiddenField()
    act_number = StringField(
        lazy_("Number of the act"), filters=[tidy], validators=[InputRequired(lazy_("Write the number of the act."))]
    )
    act_date = Day(lazy_("Day of the act"), validators=[InputRequired(lazy_("Write the day of the act."))])
    reason = TextAreaField(
        lazy_("Reason"), description=lazy_("The recipient reads it."),
        validators=[InputRequired(lazy_("Write the reason: the recipient reads it.")), Length(max=LONGEST_REASON)],
    )  # fmt: skip

    def typed(self) -> RecoveryTyped:
        """What was typed; of hidden figures that are none, those that no plan has."""
        return RecoveryTyped(
            claim=key_of(self.claim.data), number=self.act_number.data, day=self.act_date.data,
            reason=self.reason.data, instalments=_number(self.instalments.data), cents=_number(self.cents.data),
            seen=self.seen.data or "",
        )  # fmt: skip


class ReceiptForm(FlaskForm):  # type: ignore[misc]
    """A movement of the bank."""

    amount = MoneyField(lazy_("Amount"), validators=[InputRequired(lazy_("Write the amount that came."))])
    received_on = Day(
        lazy_("Day on the bank statement"), validators=[InputRequired(lazy_("Write the day on the bank statement."))]
    )
    reference = StringField(
        lazy_("Reference of the movement"), filters=[tidy],
        description=lazy_("CRO, TRN or number on the statement: the same one counts once."),
        validators=[
            InputRequired(lazy_("Write the reference of the movement: it tells one payment from another.")),
            Length(max=LONGEST_REFERENCE),
        ],
    )  # fmt: skip
    guarantee = SelectField(lazy_("Who sent it"), validators=[Optional()])

    def offer(self, guarantees: Sequence[Guarantee]) -> None:
        """The recipient, or the issuer of one of these."""
        said = lazy_("the recipient")
        self.guarantee.choices = [("", said), *((str(each.id), f"{each.issuer} {each.number}") for each in guarantees)]

    def typed(self) -> ReceiptTyped:
        """What was typed. Raises Invalid for an amount that is none."""
        chosen = self.guarantee.data
        return ReceiptTyped(
            self.reference.data, self.received_on.data, self.amount.cents() or 0, UUID(chosen) if chosen else None
        )


class WhyForm(FlaskForm):  # type: ignore[misc]
    """Why something is taken back."""

    reason = TextAreaField(
        lazy_("Reason"), validators=[InputRequired(lazy_("Write the reason.")), Length(max=LONGEST_REASON)]
    )


def key_of(text: str | None) -> UUID:
    """A key as a form sends it; one that names nothing where it is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return UUID(int=0)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else 0
