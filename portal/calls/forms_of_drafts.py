"""Forms with which a call begins."""

import re
import unicodedata

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from portal.calls.callfile import LARGEST_FILE, CallFileRefused
from portal.calls.marks import too_large
from portal.calls.rules.validity import SLUG, Fault
from portal.core.i18n import lazy_

LONGEST_SLUG = 80


class BeginForm(FlaskForm):  # type: ignore[misc]
    """A name, an address, whose it is; and the call whose text it takes over, if any."""

    title_it = StringField(
        lazy_("Title, in Italian"), validators=[InputRequired(lazy_("Write the title.")), Length(max=200)]
    )
    title_en = StringField(
        lazy_("Title, in English"),
        validators=[InputRequired(lazy_("Write the title in English too.")), Length(max=200)],
    )
    slug = StringField(
        lazy_("Address of the page"),
        validators=[
            Optional(),
            Length(max=LONGEST_SLUG),
            Regexp(SLUG, message=lazy_("Write small words joined by hyphens, at most 80 characters.")),
        ],
        description=lazy_(
            "Small words joined by hyphens; left empty, it is made from the Italian title. It never changes."
        ),
    )
    authority = SelectField(lazy_("Authority"), validate_choice=True)
    source = SelectField(
        lazy_("Begin with"),
        validate_choice=True,
        description=lazy_("A copy takes over everything but the acts, the CUP and the notes."),
    )

    @property
    def address(self) -> str:
        """The address that was written, else the one that the title proposes."""
        return self.slug.data or proposed_slug(self.title_it.data or "")


class FileForm(FlaskForm):  # type: ignore[misc]
    """A call as a file."""

    file = FileField(
        lazy_("File of the call"),
        description=lazy_("YAML, as “The call as a file” gives it; 1 MB at most."),
    )

    def text(self) -> str:
        """The text of the file. Raises CallFileRefused for one that is missing, too large or no text."""
        content = self.file.data.read(LARGEST_FILE + 1) if self.file.data else b""
        if not content:
            raise CallFileRefused([Fault("", lazy_("No file was chosen."), lazy_("Choose the YAML file of a call."))])
        if len(content) > LARGEST_FILE:
            raise CallFileRefused([too_large()])
        try:
            return str(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            words, mend = lazy_("The file is no UTF-8 text."), lazy_("Save it as UTF-8 and choose it again.")
            raise CallFileRefused([Fault("", words, mend)]) from error


def proposed_slug(title: str) -> str:
    """An address made of the words of a title."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "call"
