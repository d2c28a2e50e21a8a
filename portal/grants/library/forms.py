"""The shape of what is typed in the library."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectChoice, SelectField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.access.models import Authority
from portal.core.i18n import lazy_
from portal.grants.forms import tidy
from portal.grants.labels import LEGAL_FORMS
from portal.grants.library.labels import KINDS
from portal.grants.library.operations import SERVED, Words
from portal.grants.library.rules import LONGEST_TITLE


class RevisionForm(FlaskForm):  # type: ignore[misc]
    """The next version of a text."""

    seen_version = HiddenField()
    title = StringField(
        lazy_("Title"),
        description=lazy_("Of a clause: the heading of its article, without its number."),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the title.")), Length(max=LONGEST_TITLE)],
    )
    forms = SelectMultipleField(
        lazy_("Legal forms that it serves"),
        description=lazy_("Leave all unticked where it serves every form."),
        choices=[SelectChoice(form.value, LEGAL_FORMS[form]) for form in SERVED],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    body = TextAreaField(
        lazy_("Text"),
        description=lazy_("In Markdown, with the fields listed below."),
        validators=[InputRequired(lazy_("Write the text."))],
    )
    preview = SubmitField(lazy_("Preview"))

    def words(self) -> Words:
        """What was typed."""
        return Words(self.title.data or "", self.body.data or "", tuple(self.forms.data or ()))

    def version(self) -> int:
        """The version that was shown; 0 where it was tampered with."""
        return int(self.seen_version.data) if (self.seen_version.data or "").isdecimal() else 0


class NewTextForm(RevisionForm):
    """A new text, with what never changes of it."""

    office = SelectField(lazy_("Office"), coerce=str)
    kind = SelectField(lazy_("Kind"), choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()])
    key = StringField(
        lazy_("Key"),
        description=lazy_("Calls name the text by it; it never changes. Such as oggetto or statuto_aps."),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the key.")), Length(max=64)],
    )

    def offer(self, offices: Iterable[Authority]) -> None:
        """The offices for which this person writes."""
        self.office.choices = [(str(office.id), office.name) for office in offices]
