"""Forms of personal data: asking for something, answering it."""

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.access.labels import REQUEST_KINDS, REQUEST_OUTCOMES
from portal.access.operations.own_data import LONGEST_TEXT
from portal.core.i18n import lazy_


class AskForm(FlaskForm):  # type: ignore[misc]
    """What somebody asks of the data protection officer."""

    kind = RadioField(
        lazy_("What do you ask for?"),
        choices=[SelectChoice(kind.value, label) for kind, label in REQUEST_KINDS.items()],
        validators=[InputRequired(lazy_("Choose what you ask for."))],
    )
    authority = SelectField(
        lazy_("Which authority do you ask?"),
        validators=[InputRequired(lazy_("Choose the authority."))],
        description=lazy_("The one whose call you applied to, or for which you work."),
    )
    text = TextAreaField(
        lazy_("What it is about"),
        validators=[Length(max=LONGEST_TEXT)],
        description=lazy_("Which data, where you saw it, and what should become of it. Leave out what is not needed."),
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What the data protection officer answers."""

    outcome = RadioField(
        lazy_("Outcome"),
        choices=[SelectChoice(outcome.value, label) for outcome, label in REQUEST_OUTCOMES.items()],
        validators=[InputRequired(lazy_("Choose how the request ends."))],
    )
    decision = TextAreaField(
        lazy_("Answer"),
        validators=[
            DataRequired(lazy_("Write the answer: the person reads it, with what they can still do.")),
            Length(max=LONGEST_TEXT),
        ],
        description=lazy_("The person reads it. Where something is refused, name the reason (GDPR art. 12(4))."),
    )
