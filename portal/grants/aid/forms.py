"""The shape of what is typed on the page of the register of aid."""

from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.calls.designer.choices import words_of
from portal.calls.rules import AidRegime
from portal.core.errors import NotFound
from portal.core.i18n import lazy_
from portal.core.instants import format_day
from portal.core.money import format_cents, parse_amount
from portal.grants.aid.operations import LONGEST_NAME, LONGEST_NOTE, AidTyped
from portal.grants.aid.rules import CEILINGS
from portal.grants.forms import tidy
from portal.grants.models import AidEntry

YES, NO = "yes", "no"


class AidForm(FlaskForm):  # type: ignore[misc]
    """Aid that another authority granted."""

    regime = SelectField(
        lazy_("Rules on State aid"),
        choices=[SelectChoice(each.value, words_of(each)) for each in CEILINGS],
    )
    granted_on = DateField(
        lazy_("Granted on"),
        description=lazy_("The day of the act, not of the payment."),
        validators=[InputRequired(lazy_("Write the day of the act, day month year."))],
    )
    amount = StringField(
        lazy_("Amount (euro)"),
        description=lazy_("Gross, the whole of it: 1.234,50."),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the amount.")), Length(max=30)],
    )
    granted_by = StringField(
        lazy_("Who granted it"),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write who granted it.")), Length(max=LONGEST_NAME)],
    )
    received_by = StringField(
        lazy_("Received by a linked undertaking that is not here"),
        description=lazy_("Empty: by this organisation."),
        filters=[tidy],
        validators=[Optional(), Length(max=LONGEST_NAME)],
    )
    cor = StringField(lazy_("Code of the register (COR)"), filters=[tidy], validators=[Optional(), Length(max=30)])

    def typed(self) -> AidTyped:
        """What was typed; Invalid for an amount that is none."""
        return AidTyped(
            AidRegime(self.regime.data), self.granted_on.data, parse_amount(self.amount.data), self.granted_by.data,
            self.received_by.data or "", self.cor.data or "",
        )  # fmt: skip


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The code that the register gave."""

    entry = SelectField(
        lazy_("Aid"), choices=[], validate_choice=False, validators=[InputRequired(lazy_("Choose the aid."))]
    )
    cor = StringField(
        lazy_("Code of the register (COR)"),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the code.")), Length(max=30)],
    )

    def offer(self, entries: list[AidEntry]) -> None:
        """Offer the aid whose code is not known."""
        self.entry.choices = [
            SelectChoice(
                str(each.id),
                f"{format_day(each.granted_on)} · € {format_cents(each.cents)}"
                f" · {each.grant.reference if each.grant else each.granted_by}",
            )
            for each in entries
        ]

    def chosen(self) -> UUID:
        """The aid that was chosen; NotFound for anything else."""
        try:
            return UUID(self.entry.data or "")
        except ValueError:
            raise NotFound from None


class LinkForm(FlaskForm):  # type: ignore[misc]
    """A link between two undertakings."""

    fiscal_code = StringField(
        lazy_("Fiscal code of the other organisation"),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write its fiscal code.")), Length(max=20)],
    )
    note = TextAreaField(
        lazy_("How they are linked"),
        description=lazy_("Majority of votes, right to appoint, dominant influence (art. 2(2) of the Regulation)."),
        validators=[InputRequired(lazy_("Write how they are linked.")), Length(max=LONGEST_NOTE)],
    )


class ActivityForm(FlaskForm):  # type: ignore[misc]
    """Whether an organisation is an undertaking."""

    is_undertaking = RadioField(
        lazy_("Does it carry on an economic activity?"),
        choices=[
            SelectChoice(YES, lazy_("Yes: grants under de minimis rules are aid to it")),
            SelectChoice(NO, lazy_("No: they are no aid to it")),
        ],
        validators=[InputRequired(lazy_("Say whether it does."))],
    )
    reason = TextAreaField(
        lazy_("Reason"), validators=[InputRequired(lazy_("Write the reason.")), Length(max=LONGEST_NOTE)]
    )
