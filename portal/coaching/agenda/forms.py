"""The shape of what coach and team say of a meeting to come."""

from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, IntegerField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.coaching.agenda.rules import LONGEST_LINK, LONGEST_PLACE, LONGEST_REASON, MOST_TIMES
from portal.coaching.labels import MODES
from portal.coaching.rules import SessionMode, instant_in_rome
from portal.core.errors import Invalid
from portal.core.i18n import lazy_

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class TimesForm(FlaskForm):  # type: ignore[misc]
    """Some times, of which the other side chooses one."""

    time_1 = DateTimeLocalField(
        lazy_("First time"), format=FORMATS, validators=[InputRequired(lazy_("Write one day and time at least."))]
    )
    time_2 = DateTimeLocalField(lazy_("Second time"), format=FORMATS, validators=[Optional()])
    time_3 = DateTimeLocalField(lazy_("Third time"), format=FORMATS, validators=[Optional()])
    time_4 = DateTimeLocalField(lazy_("Fourth time"), format=FORMATS, validators=[Optional()])
    time_5 = DateTimeLocalField(lazy_("Fifth time"), format=FORMATS, validators=[Optional()])

    def times(self) -> list[datetime]:
        """The instants written; Invalid of its field for the hour that clocks skip."""
        return [each for number in range(1, MOST_TIMES + 1) if (each := self._instant(f"time_{number}")) is not None]

    def _instant(self, name: str) -> datetime | None:
        written = self[name].data
        try:
            return None if written is None else instant_in_rome(written)
        except Invalid as refusal:
            raise Invalid(refusal.message, name) from refusal


class PlanForm(TimesForm):
    """A meeting to come: times, how long, how and where."""

    minutes = IntegerField(
        lazy_("How long, in minutes"),
        default=60,
        validators=[InputRequired(lazy_("Write how many minutes it lasts."))],
        render_kw={"inputmode": "numeric", "min": "15"},
    )
    mode = RadioField(
        lazy_("How you meet"),
        choices=[SelectChoice(mode.value, MODES[mode]) for mode in SessionMode],
        default=SessionMode.IN_PERSON.value,
        validators=[InputRequired(lazy_("Choose how you meet."))],
    )
    place = StringField(lazy_("Where, if in person"), validators=[Length(max=LONGEST_PLACE)])
    link = StringField(lazy_("Link of the call, if remote"), validators=[Length(max=LONGEST_LINK)])


class CancelForm(FlaskForm):  # type: ignore[misc]
    """Why a meeting does not take place."""

    reason = TextAreaField(
        lazy_("Why it is cancelled"),
        validators=[InputRequired(lazy_("Write why it is cancelled.")), Length(max=LONGEST_REASON)],
    )


def plan_of(form: PlanForm) -> dict[str, Any]:
    """What the operation takes."""
    return {
        "times": form.times(), "minutes": form.minutes.data, "mode": SessionMode(form.mode.data),
        "place": form.place.data or "", "link": form.link.data or "",
    }  # fmt: skip
