"""Forms of irregularities."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.core.i18n import lazy_
from portal.documents.operations import Arrived
from portal.grants.forms import tidy
from portal.payments.amounts import MoneyField
from portal.payments.forms import Day
from portal.payments.irregularities.labels import KINDS, OUTCOMES
from portal.payments.irregularities.operations import IrregularityTyped
from portal.payments.irregularities.rules import (
    LONGEST_DESCRIPTION,
    LONGEST_REFERENCE,
    IrregularityKind,
    IrregularityOutcome,
)

ACCEPTED = {"accept": ".pdf,.p7m,.docx,.xlsx,.png,.jpg,.jpeg"}
FILES = lazy_("PDF, p7m, docx, xlsx or an image, at most 10 MB.")


class OpenForm(FlaskForm):  # type: ignore[misc]
    """What was found."""

    kind = SelectField(
        lazy_("What was found"), choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()]
    )
    found_on = Day(
        lazy_("Day on which it was found"),
        validators=[InputRequired(lazy_("Write the day on which it was found."))],
    )
    amount = MoneyField(
        lazy_("Amount of the grant that it touches (euro)"), validators=[Optional()],
        description=lazy_("Empty or 0 where it touches no money."),
    )  # fmt: skip
    description = TextAreaField(
        lazy_("What happened, and which rule it breaks"),
        description=lazy_("The recipient reads it and replies: write facts, documents and days."),
        validators=[
            InputRequired(lazy_("Write what was found: the recipient reads it and replies.")),
            Length(max=LONGEST_DESCRIPTION),
        ],
    )
    file = FileField(lazy_("Evidence"), description=FILES, render_kw=ACCEPTED)

    def typed(self, file: Arrived | None) -> IrregularityTyped:
        """What was typed. Raises Invalid for an amount that is none."""
        return IrregularityTyped(
            kind=IrregularityKind(self.kind.data), found_on=self.found_on.data, description=self.description.data,
            cents=self.amount.cents() or 0, file=file,
        )  # fmt: skip


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """What the recipient answers."""

    words = TextAreaField(
        lazy_("Your reply"), id="reply-words",
        validators=[InputRequired(lazy_("Write your reply.")), Length(max=LONGEST_DESCRIPTION)],
    )  # fmt: skip
    file = FileField(lazy_("A file that goes with it"), description=FILES, render_kw=ACCEPTED)


class CloseForm(FlaskForm):  # type: ignore[misc]
    """How it ended."""

    outcome = RadioField(
        lazy_("How it ends"), choices=[SelectChoice(outcome.value, words) for outcome, words in OUTCOMES.items()],
        validators=[InputRequired(lazy_("Choose how it ends."))],
    )  # fmt: skip
    words = TextAreaField(
        lazy_("Reasons"), id="close-words",
        description=lazy_("With what was made of the reply: the recipient reads them."),
        validators=[
            InputRequired(lazy_("Write the reasons: the recipient reads them.")), Length(max=LONGEST_DESCRIPTION)
        ],
    )  # fmt: skip

    def offer(self, outcomes: tuple[IrregularityOutcome, ...]) -> None:
        """Only what can be said now."""
        self.outcome.choices = [SelectChoice(outcome.value, OUTCOMES[outcome]) for outcome in outcomes]


class AgainForm(FlaskForm):  # type: ignore[misc]
    """Why it is opened again."""

    words = TextAreaField(
        lazy_("Why it is opened again"), id="again-words",
        validators=[
            InputRequired(lazy_("Write the reasons: the recipient reads them.")), Length(max=LONGEST_DESCRIPTION)
        ],
    )  # fmt: skip


class ReportForm(FlaskForm):  # type: ignore[misc]
    """Where and when it was reported."""

    reference = StringField(
        lazy_("Number of the report"), filters=[tidy], description=lazy_("As the system of the Union (IMS) gave it."),
        validators=[InputRequired(lazy_("Write the number of the report.")), Length(max=LONGEST_REFERENCE)],
    )  # fmt: skip
    reported_on = Day(
        lazy_("Day of the report"), validators=[InputRequired(lazy_("Write the day of the report."))]
    )  # fmt: skip
