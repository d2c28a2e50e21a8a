"""The shape of what is typed in a register of attendance; the rules are with the operations."""

from collections.abc import Sequence
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, HiddenField, IntegerField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.coaching.accompaniment.rules import LONGEST_REASON, LONGEST_TITLE, TeamHours
from portal.coaching.forms import MultiCheckboxField
from portal.coaching.labels import MODES
from portal.coaching.rules import SessionMode
from portal.core.i18n import lazy_

WAS_THERE, WAS_NOT = "yes", "no"


class MeetingForm(FlaskForm):  # type: ignore[misc]
    """A meeting of the accompaniment, and who was there."""

    title = StringField(
        lazy_("What it was about"),
        validators=[InputRequired(lazy_("Write what the meeting was about.")), Length(max=LONGEST_TITLE)],
    )
    starts_at = DateTimeLocalField(
        lazy_("When it began"),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[InputRequired(lazy_("Choose day and time at which it began."))],
    )
    minutes = IntegerField(
        lazy_("How long, in minutes"),
        validators=[InputRequired(lazy_("Write how many minutes it lasted."))],
        render_kw={"inputmode": "numeric", "min": "15"},
    )
    mode = RadioField(
        lazy_("How you met"),
        choices=[SelectChoice(mode.value, MODES[mode]) for mode in SessionMode],
        default=SessionMode.IN_PERSON.value,
        validators=[InputRequired(lazy_("Choose how you met."))],
    )
    present = MultiCheckboxField(lazy_("Teams that were there"), coerce=str)

    def offer(self, teams: Sequence[TeamHours]) -> "MeetingForm":
        """Offer the teams as boxes to tick."""
        self.present.choices = [SelectChoice(str(each.application_id), each.name) for each in teams]
        return self

    def ticked(self) -> list[UUID]:
        """The teams that were there, by application."""
        return [UUID(each) for each in self.present.data or ()]


class CorrectionForm(FlaskForm):  # type: ignore[misc]
    """Whether one team was there after all, and why the register changes."""

    application_id = HiddenField()
    was_there = RadioField(
        lazy_("At this meeting the team"),
        choices=[SelectChoice(WAS_THERE, lazy_("was there")), SelectChoice(WAS_NOT, lazy_("was not there"))],
        validators=[InputRequired(lazy_("Say whether the team was there."))],
    )
    reason = TextAreaField(
        lazy_("Why the register is corrected"),
        validators=[InputRequired(lazy_("Write why the register is corrected.")), Length(max=LONGEST_REASON)],
    )


class InvitationForm(FlaskForm):  # type: ignore[misc]
    """Why a team is invited below the minimum."""

    reason = TextAreaField(
        lazy_("Why this team is invited all the same"),
        description=lazy_("It stays on record, and the auditor reads it."),
        validators=[
            InputRequired(lazy_("Write why this team is invited although it attended too little.")),
            Length(max=LONGEST_REASON),
        ],
    )
