"""Forms of calls: acts of the office, documents, questions and answers."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, DateTimeLocalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.calls.labels import DOCUMENT_KINDS
from portal.calls.rules.publication import MOST_ANSWER_CHARS, MOST_QUESTION_CHARS
from portal.core.i18n import lazy_

MINUTES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class ActForm(FlaskForm):  # type: ignore[misc]
    """The act that decides."""

    act_number = StringField(
        lazy_("Number of the act"),
        validators=[InputRequired(lazy_("Write the number of the act.")), Length(max=80)],
        description=lazy_("As it is registered, for example 2026/210/00145."),
    )
    act_date = DateField(lazy_("Date of the act"), validators=[InputRequired(lazy_("Write the date of the act."))])


class PublicationForm(ActForm):
    """The act of publication, and when."""

    when = RadioField(
        lazy_("When"),
        choices=[
            SelectChoice("now", lazy_("At once")),
            SelectChoice("later", lazy_("At the day and hour written below")),
        ],
        default="now",
        validate_choice=True,
    )
    publish_at = DateTimeLocalField(
        lazy_("Day and hour of publication"),
        format=MINUTES,
        validators=[Optional()],
        description=lazy_("Nobody but the office sees the call before."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Later needs an instant; at once needs none."""
        is_valid = bool(super().validate(extra_validators))
        if self.when.data == "later" and not "".join(self.publish_at.raw_data or []):
            self.publish_at.errors = [lazy_("Write the day and the hour of publication.")]
            return False
        return is_valid


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """A reason in both languages."""

    reason_it = TextAreaField(
        lazy_("Reason, in Italian"),
        validators=[InputRequired(lazy_("Write the reason.")), Length(max=1000)],
    )
    reason_en = TextAreaField(
        lazy_("Reason, in English"),
        validators=[InputRequired(lazy_("Write the reason in English too.")), Length(max=1000)],
    )

    @property
    def reason(self) -> dict[str, str]:
        """Both texts."""
        return {"it": self.reason_it.data or "", "en": self.reason_en.data or ""}


class ReasonedActForm(ReasonForm, ActForm):
    """An act with the reason that the public will read."""


class ExtensionForm(ReasonedActForm):
    """A later deadline."""

    closes_at = DateTimeLocalField(
        lazy_("New deadline"),
        format=MINUTES,
        validators=[InputRequired(lazy_("Write the day and the hour of the new deadline."))],
    )


class RectificationFileForm(FlaskForm):  # type: ignore[misc]
    """The file of the call as it is to be."""

    file = FileField(
        lazy_("The changed file of the call"),
        description=lazy_("Take “The call as a file”, change it, and choose it here."),
    )


class RectificationForm(ReasonedActForm):
    """The act of a rectification; `content` carries the file that was shown."""

    content = TextAreaField(lazy_("File of the call"), validators=[InputRequired()])


class DocumentForm(FlaskForm):  # type: ignore[misc]
    """A file to download from the page of the call."""

    kind = SelectField(
        lazy_("What it is"), choices=[SelectChoice(kind.value, words) for kind, words in DOCUMENT_KINDS.items()]
    )
    title_it = StringField(
        lazy_("Title, in Italian"),
        validators=[InputRequired(lazy_("Say what the document is, in both languages.")), Length(max=200)],
    )
    title_en = StringField(
        lazy_("Title, in English"),
        validators=[InputRequired(lazy_("Say what the document is, in both languages.")), Length(max=200)],
    )
    file = FileField(lazy_("File"), description=lazy_("PDF, signed PDF (p7m), documents, sheets, zip; up to 20 MB."))


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """A question to the office."""

    text = TextAreaField(
        lazy_("Your question"),
        validators=[InputRequired(lazy_("Write the question.")), Length(max=MOST_QUESTION_CHARS)],
        description=lazy_(
            "Question and answer are published to everybody, without your name. Leave out names, telephone numbers and"
            " whatever only concerns you."
        ),
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """The question as it is published, and its answer."""

    question_text = TextAreaField(
        lazy_("The question, as it is published"),
        validators=[InputRequired(lazy_("Write the question.")), Length(max=MOST_QUESTION_CHARS)],
        description=lazy_("Take names and private facts out of it."),
    )
    answer_it = TextAreaField(
        lazy_("Answer, in Italian"),
        validators=[InputRequired(lazy_("Write the answer in Italian.")), Length(max=MOST_ANSWER_CHARS)],
    )
    answer_en = TextAreaField(
        lazy_("Answer, in English"),
        validators=[Length(max=MOST_ANSWER_CHARS)],
        description=lazy_("Without it, English readers find the Italian answer."),
    )


class SetAsideForm(FlaskForm):  # type: ignore[misc]
    """Why a question is not published."""

    reason = StringField(
        lazy_("Why it is not published"),
        validators=[InputRequired(lazy_("Write why: whoever asked reads it.")), Length(max=1000)],
        description=lazy_("Only whoever asked reads it."),
    )


class LastQuestionsForm(FlaskForm):  # type: ignore[misc]
    """Until when questions are taken."""

    until = DateTimeLocalField(
        lazy_("Questions are taken until"),
        format=MINUTES,
        validators=[InputRequired(lazy_("Write the day and the hour."))],
    )
