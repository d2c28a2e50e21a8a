"""The coach's log: a session in one minute on a phone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from portal.access.models import Person
from portal.coaching.forms.choices import MultiCheckboxField
from portal.coaching.labels import MODES
from portal.coaching.models import Engagement
from portal.coaching.next_steps.operations import StepAsked
from portal.coaching.next_steps.rules import LONGEST_STEP, MOST_STEPS
from portal.coaching.rules import LONGEST_SUMMARY, SessionMode
from portal.core.errors import Invalid
from portal.core.i18n import lazy_

OTHER = "other"
USUAL = ("30", "60", "90")
CHOOSE_WHEN = lazy_("Choose day and time at which it began.")


class SessionForm(FlaskForm):  # type: ignore[misc]
    """Day, minutes, who, what about, what happened, what next."""

    appointment_id = HiddenField()
    starts_at = DateTimeLocalField(
        lazy_("When it began"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], validators=[InputRequired(CHOOSE_WHEN)]
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
    topics = MultiCheckboxField(lazy_("What it was about"), coerce=str)
    summary = TextAreaField(
        lazy_("What happened"),
        validators=[
            InputRequired(lazy_("Write what happened, in one sentence at least.")),
            Length(max=LONGEST_SUMMARY),
        ],
    )
    step_1 = StringField(lazy_("Next step"), validators=[Length(max=LONGEST_STEP)])
    owner_1 = SelectField(lazy_("Who does it"), coerce=str, validate_choice=False)
    due_1 = DateField(lazy_("By when"), validators=[Optional()])
    step_2 = StringField(lazy_("Second next step"), validators=[Length(max=LONGEST_STEP)])
    owner_2 = SelectField(lazy_("Who does the second"), coerce=str, validate_choice=False)
    due_2 = DateField(lazy_("By when, the second"), validators=[Optional()])
    step_3 = StringField(lazy_("Third next step"), validators=[Length(max=LONGEST_STEP)])
    owner_3 = SelectField(lazy_("Who does the third"), coerce=str, validate_choice=False)
    due_3 = DateField(lazy_("By when, the third"), validators=[Optional()])
    together_with = MultiCheckboxField(lazy_("Other teams of yours that were there"), coerce=str)

    def offer(
        self, engagement: Engagement, members: Sequence[Person], topics: Mapping[str, object], teams: Iterable[Any]
    ) -> "SessionForm":
        """Offer the people of the team, the topics of the call, and the coach's other teams."""
        self.present.choices = [SelectChoice(member.name, member.name) for member in members]
        self.topics.choices = [SelectChoice(key, name) for key, name in topics.items()]
        people = [*members, engagement.coach]
        for number in range(1, MOST_STEPS + 1):
            self[f"owner_{number}"].choices = [SelectChoice(str(each.id), each.name) for each in people]
        self.together_with.choices = [
            SelectChoice(str(each.id), each.organisation.name) for each in teams if each.id != engagement.id
        ]
        return self

    @property
    def has_more(self) -> bool:
        """Whether something of the folded part is filled or wrong."""
        folded = ("others", "together_with", *(f"step_{number}" for number in range(1, MOST_STEPS + 1)))
        wrong = any(self[f"{kind}_{number}"].errors for kind in ("owner", "due") for number in range(1, MOST_STEPS + 1))
        return wrong or any(self[name].data or self[name].errors for name in folded)

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

    def steps(self) -> list[StepAsked]:
        """The next steps written; Invalid for one without its day."""
        return [step for number in range(1, MOST_STEPS + 1) if (step := self._step(number)) is not None]

    def _step(self, number: int) -> StepAsked | None:
        what, due_on = (self[f"step_{number}"].data or "").strip(), self[f"due_{number}"].data
        if not what:
            return None
        if not isinstance(due_on, date):
            raise Invalid(lazy_("Choose a day to come."), f"due_{number}")
        owner = key_of(self[f"owner_{number}"].data)
        if owner is None:
            raise Invalid(lazy_("Choose somebody of the team, or the coach."), f"owner_{number}")
        return StepAsked(what, owner, due_on)


def values_of(form: SessionForm) -> dict[str, Any]:
    """What the operation takes besides the instant."""
    return {
        "minutes": form.length(),
        "mode": SessionMode(form.mode.data),
        "attendees": form.attendees(),
        "summary": form.summary.data,
        "topics": form.topics.data or (),
        "steps": form.steps(),
        "together_with": [UUID(each) for each in form.together_with.data or ()],
        "appointment_id": key_of(form.appointment_id.data),
    }


def key_of(text: str | None) -> UUID | None:
    """The key in a field; None for anything else."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
