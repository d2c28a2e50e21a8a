"""The shape of what is typed beside the sheet: reopenings, rounds, common marks, notes, clarifications."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.applications.models import ApplicationMessage
from portal.calls.rules import Criterion
from portal.core.i18n import in_language, lazy_
from portal.evaluation.clarifying import LONGEST_QUESTION
from portal.evaluation.forms import ActForm
from portal.evaluation.points import LONGEST_REASON


class ReopenForm(ActForm):
    """Which criteria are opened again, and why."""

    criteria = SelectMultipleField(
        lazy_("Criteria to be scored again"),
        description=lazy_("The others stay as they are."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = TextAreaField(
        lazy_("Reason"),
        description=lazy_("The evaluator and whoever asks for the records read it."),
        validators=[InputRequired(lazy_("Write why.")), Length(max=LONGEST_REASON)],
    )

    def offer(self, criteria: Sequence[Criterion]) -> None:
        """Fill the choices."""
        self.criteria.choices = [SelectChoice(each.key, in_language(each.name)) for each in criteria]


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A line of the discussion."""

    text = TextAreaField(
        lazy_("Your note"), validators=[InputRequired(lazy_("Write something.")), Length(max=LONGEST_REASON)]
    )


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """What an evaluator would have clarified."""

    question = TextAreaField(
        lazy_("What is to be clarified"),
        description=lazy_("The office passes it on in its own name: the applicant does not learn who asks."),
        validators=[InputRequired(lazy_("Write what is to be clarified.")), Length(max=LONGEST_QUESTION)],
    )


class DecideForm(FlaskForm):  # type: ignore[misc]
    """Whether a question goes to the applicant, and in which words."""

    decision = RadioField(
        lazy_("Decision"),
        choices=[
            SelectChoice("pass_on", lazy_("Pass it on to the applicant, in these words")),
            SelectChoice("not_pass_on", lazy_("Do not pass it on, and tell the evaluators why")),
        ],
        validators=[InputRequired(lazy_("Choose one."))],
    )
    text = TextAreaField(
        lazy_("Text"),
        description=lazy_("Say by when an answer is needed. Do not say who asks."),
        validators=[InputRequired(lazy_("Write the text.")), Length(max=LONGEST_QUESTION)],
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Which message of the applicant answers."""

    message = RadioField(lazy_("The answer"), validators=[InputRequired(lazy_("Choose a message."))])

    def offer(self, messages: Sequence[ApplicationMessage]) -> None:
        """Fill the choices."""
        self.message.choices = [SelectChoice(str(each.id), each.text or "–") for each in messages]
