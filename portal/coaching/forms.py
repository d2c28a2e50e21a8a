"""The shape of what coaches and teams type; the rules are with the operations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.access.models import Person
from portal.coaching.labels import MODES
from portal.coaching.rules import LONGEST_REASON, LONGEST_SUMMARY, SessionMode
from portal.core.errors import Invalid
from portal.core.i18n import lazy_

OTHER = "other"
USUAL = ("30", "60", "90")


class MultiCheckboxField(SelectMultipleField):  # type: ignore[misc]
    """Some of a few, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SessionForm(FlaskForm):  # type: ignore[misc]
    """A session in one minute on a phone: day, minutes, who, what happened, what next."""

    starts_at = DateTimeLocalField(
        lazy_("When it began"),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[InputRequired(lazy_("Choose day and time at which it began."))],
    )
    minutes = RadioField(
        lazy_("How long"),
        choices=[
            *(SelectChoice(minutes, lazy_("%(minutes)s min", minutes=minutes)) for minutes in USUAL),
            SelectChoice(OTHER, lazy_("other")),
        ],
        default="60",
        validators=[InputRequired(lazy_("Choose how long it lasted."))],
    )
    other_minutes = IntegerField(
        lazy_("Minutes, if other"), validators=[Optional()], render_kw={"inputmode": "numeric", "min": "15"}
    )
    mode = RadioField(
        lazy_("How you met"),
        choices=[SelectChoice(mode.value, MODES[mode]) for mode in SessionMode],
        default=SessionMode.IN_PERSON.value,
        validators=[InputRequired(lazy_("Choose how you met."))],
    )
    present = MultiCheckboxField(lazy_("Who was there"), coerce=str)
    others = StringField(lazy_("Others who were there"), validators=[Length(max=150)])
    summary = TextAreaField(
        lazy_("What happened"),
        validators=[
            InputRequired(lazy_("Write what happened, in one sentence at least.")),
            Length(max=LONGEST_SUMMARY),
        ],
    )
    next_step = StringField(lazy_("Next step"), validators=[Length(max=300)])
    next_step_owner = StringField(lazy_("Who does it"), validators=[Length(max=120)])
    next_step_due = DateField(lazy_("By when"), validators=[Optional()])

    def offer(self, members: Sequence[Person]) -> "SessionForm":
        """Offer the people of the team as boxes to tick."""
        self.present.choices = [SelectChoice(member.name, member.name) for member in members]
        return self

    def attendees(self) -> str:
        """Names in one line."""
        others = (self.others.data or "").strip()
        return ", ".join([*(self.present.data or ()), *([others] if others else ())])

    def length(self) -> int:
        """Minutes; Invalid when "other" says none."""
        if self.minutes.data != OTHER:
            return int(self.minutes.data)
        if self.other_minutes.data is None:
            raise Invalid(lazy_("Write how many minutes it lasted."), "other_minutes")
        return int(self.other_minutes.data)


class DisputeForm(FlaskForm):  # type: ignore[misc]
    """Why the team does not confirm."""

    reason = TextAreaField(
        lazy_("What is not right"),
        validators=[InputRequired(lazy_("Write what is not right.")), Length(max=LONGEST_REASON)],
    )

    def about(self, session_id: UUID) -> "DisputeForm":
        """Several such forms stand on one page: each field has an id of its own."""
        self.reason.id = f"reason-{session_id}"
        return self


class AssignForm(FlaskForm):  # type: ignore[misc]
    """Which coach accompanies the team."""

    coach_id = SelectField(lazy_("Coach"), coerce=str)

    def offer(self, coaches: Sequence[Person]) -> "AssignForm":
        """Offer the coaches of the authority."""
        self.coach_id.choices = [SelectChoice(str(coach.id), coach.name) for coach in coaches]
        return self


def values_of(form: SessionForm) -> dict[str, Any]:
    """What the operation takes besides the instant."""
    return {
        "minutes": form.length(),
        "mode": SessionMode(form.mode.data),
        "attendees": form.attendees(),
        "summary": form.summary.data,
        "next_step": form.next_step.data,
        "next_step_owner": form.next_step_owner.data,
        "next_step_due": form.next_step_due.data,
    }
