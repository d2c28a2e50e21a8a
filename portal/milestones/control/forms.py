"""The shape of what is typed during a control."""

from collections.abc import Mapping, Sequence

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from portal.calls.rules import ControlQuestion
from portal.core.i18n import in_language, lazy_
from portal.core.money import parse_amount
from portal.milestones.control.labels import ANSWERS
from portal.milestones.control.models import ClarificationItem
from portal.milestones.control.operations.judging import Told
from portal.milestones.control.rules import LONGEST_ANSWER, LONGEST_REASON, LONGEST_SEED, LONGEST_WHAT, Answer

NEEDED = lazy_("Write this, please.")
ROWS = 5


class SeedForm(FlaskForm):  # type: ignore[misc]
    """The seed of a draw."""

    seed = StringField(
        lazy_("Seed"),
        description=lazy_(
            "Better the outcome of a public draw, such as a lottery. At the draw the portal adds figures of its own,"
            " so that nobody can choose the lines; both are kept, and anybody repeats it."
        ),
        validators=[Optional(), Length(max=LONGEST_SEED)],
    )


class OutcomeForm(FlaskForm):  # type: ignore[misc]
    """What stands of a line."""

    accepted = StringField(
        lazy_("Amount that stands (euro)"),
        description=lazy_("All that is charged, a part of it, or 0."),
        validators=[InputRequired(NEEDED)],
    )
    reason = TextAreaField(
        lazy_("Why less than all of it"),
        description=lazy_("The recipient reads it in the letter."),
        validators=[Optional(), Length(max=LONGEST_REASON)],
    )

    seen = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @property
    def accepted_cents(self) -> int:
        """As the operation takes it. Raises Invalid."""
        return parse_amount(self.accepted.data or "", field="accepted")


class LinesForm(FlaskForm):  # type: ignore[misc]
    """Lines that were looked at and stand as they are charged."""

    numbers = SelectMultipleField(lazy_("Lines"), coerce=int, validate_choice=False)


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why a report goes back."""

    reason = TextAreaField(
        lazy_("What has to be mended"),
        id="return-reason",
        validators=[InputRequired(NEEDED), Length(max=LONGEST_REASON)],
    )


class ProposeForm(FlaskForm):  # type: ignore[misc]
    """The end of a control, bound to what the page showed."""

    seen_cents = HiddenField()
    seen_sha256 = HiddenField()
    note = TextAreaField(
        lazy_("Words for the letter"),
        description=lazy_("What the recipient should know beyond the single lines."),
        validators=[Optional(), Length(max=LONGEST_REASON)],
    )


class AskForm(FlaskForm):  # type: ignore[misc]
    """What the recipient has to explain, line by line, in one request."""

    days = IntegerField(lazy_("Days to answer"), validators=[InputRequired(NEEDED)])

    @property
    def asked(self) -> dict[int, str]:
        """What is asked, by number of line; 0 for the whole report."""
        rows = [(self[name("line", row)].data, self[name("what", row)].data or "") for row in range(1, ROWS + 1)]
        return {int(line or 0): what for line, what in rows if line is not None or what.strip()}


def name(field: str, row: int) -> str:
    """Fields of the first row have no number: what is refused is shown there."""
    return field if row == 1 else f"{field}_{row}"


for _row in range(1, ROWS + 1):
    setattr(AskForm, name("line", _row), IntegerField(
        lazy_("Number of the line"), validators=[Optional()],
        description=lazy_("Empty: a question about the whole report.") if _row == 1 else "",
    ))  # fmt: skip
    setattr(AskForm, name("what", _row), TextAreaField(
        lazy_("What has to be explained or sent"), validators=[Optional(), Length(max=LONGEST_WHAT)],
    ))  # fmt: skip


def checklist_form(questions: Sequence[ControlQuestion]) -> type[FlaskForm]:
    """One choice and one note for each question."""
    fields: dict[str, object] = {}
    for number, each in enumerate(questions, 1):
        fields[f"answer-{each.key}"] = RadioField(
            f"{number}. {in_language(each.text)}", validators=[Optional()],
            choices=[SelectChoice(answer.value, words) for answer, words in ANSWERS.items()],
        )  # fmt: skip
        fields[f"note-{each.key}"] = StringField(
            lazy_("Note on question %(number)d", number=number), description=lazy_("Needed unless the answer is yes."),
            validators=[Optional(), Length(max=LONGEST_REASON)],
        )  # fmt: skip
    return type("ChecklistForm", (FlaskForm,), fields)


def told_in(form: FlaskForm, questions: Sequence[ControlQuestion]) -> dict[str, Told]:
    """What was answered, by key."""
    given = {each.key: (form[f"answer-{each.key}"].data, form[f"note-{each.key}"].data or "") for each in questions}
    return {key: Told(Answer(answer), note) for key, (answer, note) in given.items() if answer}


def reply_form(items: Sequence[ClarificationItem]) -> type[FlaskForm]:
    """One answer and one file for each question; nothing else is asked, so nothing else is taken."""
    fields: dict[str, object] = {}
    for each in items:
        fields[f"answer-{each.line_number}"] = TextAreaField(
            lazy_("Your answer"), validators=[InputRequired(NEEDED), Length(max=LONGEST_ANSWER)]
        )
        fields[f"file-{each.line_number}"] = FileField(
            lazy_("A file that goes with it"), description=lazy_("PDF, p7m, XML, images, xlsx: at most 10 MB."),
            validators=[Optional()],
        )  # fmt: skip
    return type("ReplyForm", (FlaskForm,), fields)


def answers_in(form: FlaskForm, items: Sequence[ClarificationItem]) -> Mapping[int, str]:
    """What was answered, by number of line."""
    return {each.line_number: form[f"answer-{each.line_number}"].data or "" for each in items}
