"""The shape of a message."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from portal.applications.messages.rules import LONGEST
from portal.core.i18n import lazy_


class MessageForm(FlaskForm):  # type: ignore[misc]
    """What one side writes to the other."""

    text = TextAreaField(
        lazy_("Your message"),
        validators=[InputRequired(lazy_("Write the message.")), Length(max=LONGEST)],
    )
