"""What is typed to show a file that is withheld while names are hidden."""

from collections.abc import Sequence
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.core.i18n import in_language, lazy_
from portal.evaluation.forms import tidy
from portal.evaluation.points import LONGEST_REASON
from portal.evaluation.queries.withheld import WithheldFile


class ReleaseForm(FlaskForm):  # type: ignore[misc]
    """Which file, how it is shown, and why."""

    file = SelectField(lazy_("Which file"), validators=[InputRequired(lazy_("Choose the file."))])
    how = RadioField(
        lazy_("How it is shown"),
        choices=[
            SelectChoice("copy", lazy_("A clean copy in its place, without signatures")),
            SelectChoice("act", lazy_("As it is, with the names inside, by an act")),
        ],
        validators=[InputRequired(lazy_("Choose one of the two."))],
    )
    copy = FileField(
        lazy_("Clean copy"),
        description=lazy_("PDF, at most 10 MB; ask the applicant for it in a message. Only with a copy."),
        render_kw={"accept": ".pdf"},
    )
    reason = TextAreaField(
        lazy_("Where the copy comes from, or why the file is shown with its names"),
        validators=[InputRequired(lazy_("Write why.")), Length(max=LONGEST_REASON)],
    )
    act_number = StringField(
        lazy_("Number of the act"),
        description=lazy_("Only where the file is shown as it is."),
        filters=[tidy],
        validators=[Length(max=80)],
    )
    act_date = DateField(lazy_("Date of the act"), validators=[Optional()])

    def offer(self, files: Sequence[WithheldFile]) -> "ReleaseForm":
        """Offer what is withheld."""
        choices = [SelectChoice(f"{each.application.id}.{each.file.id}", _told(each)) for each in files]
        self.file.choices = [SelectChoice("", lazy_("Choose…")), *choices]
        return self

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """The application and the file that were chosen."""
        application_id, _dot, file_id = self.file.data.partition(".")
        return UUID(application_id), UUID(file_id)


def _told(found: WithheldFile) -> str:
    return f"{found.application.reference}: {in_language(found.label)} ({found.file.name})"
