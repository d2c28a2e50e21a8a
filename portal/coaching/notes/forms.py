"""The shape of a note."""

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.coaching.labels import READERS
from portal.coaching.notes.rules import LONGEST_NOTE, Readers
from portal.core.i18n import lazy_


class NoteForm(FlaskForm):  # type: ignore[misc]
    """What, and who reads it."""

    what = TextAreaField(lazy_("Note"), validators=[InputRequired(lazy_("Write the note.")), Length(max=LONGEST_NOTE)])
    readers = RadioField(lazy_("Who reads it"), validators=[InputRequired(lazy_("Choose who reads the note."))])

    def offer(self, *, is_coach: bool) -> "NoteForm":
        """Only a coach keeps notes of their own."""
        offered = [each for each in Readers if is_coach or each is not Readers.AUTHOR]
        self.readers.choices = [SelectChoice(each.value, READERS[each]) for each in offered]
        return self
