"""The shape of a message."""

from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from portal.applications.messages.rules import FILE_KINDS, LONGEST
from portal.core.i18n import lazy_


class MessageForm(FlaskForm):  # type: ignore[misc]
    """What one side writes to the other."""

    text = TextAreaField(
        lazy_("Your message"),
        validators=[InputRequired(lazy_("Write the message.")), Length(max=LONGEST)],
    )
    files = MultipleFileField(
        lazy_("Files that go with it"),
        description=lazy_("PDF, p7m, images, docx, xlsx: at most 5 files of 10 MB each."),
        render_kw={"accept": ",".join(f".{kind}" for kind in FILE_KINDS)},
    )
