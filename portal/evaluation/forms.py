"""The shape of what is typed: acts, seats, and the score sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.access.models import Person
from portal.calls.rules import Criterion, Level
from portal.core.errors import Invalid
from portal.core.i18n import lazy_, locale
from portal.core.text import clean_line
from portal.evaluation.points import LONGEST_REASON, Entry, level_of, most_of, parse_points, points_text
from portal.evaluation.queries.seats import Offered


def tidy(text: Any) -> Any:
    """One line without what nobody can see."""
    return clean_line(text) if isinstance(text, str) else text


def person_key(value: Any) -> UUID | None:
    """A key, as typed or as offered; None before anything was chosen."""
    return UUID(str(value)) if value else None


class ActForm(FlaskForm):  # type: ignore[misc]
    """The act by which something is decided."""

    act_number = StringField(
        lazy_("Number of the act"),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the number of the act.")), Length(max=80)],
    )
    act_date = DateField(
        lazy_("Date of the act"), validators=[InputRequired(lazy_("Write the date of the act, day month year."))]
    )


class DrawForm(FlaskForm):  # type: ignore[misc]
    """The public draw that will decide, and the act that publishes the lists; beside a form for another act."""

    source = StringField(
        lazy_("Public draw"),
        description=lazy_("Whose outcome decides: which lottery, which wheel, how its numbers are written down."),
        filters=[tidy],
        validators=[InputRequired(lazy_("Name the public draw.")), Length(max=200)],
    )
    held_on = DateField(
        lazy_("Day of the public draw"),
        description=lazy_("A day still to come."),
        validators=[InputRequired(lazy_("Write the day of the public draw."))],
    )
    list_act_number = StringField(
        lazy_("Number of the act"),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the number of the act.")), Length(max=80)],
    )
    list_act_date = DateField(
        lazy_("Date of the act"), validators=[InputRequired(lazy_("Write the date of the act, day month year."))]
    )


class SeedForm(FlaskForm):  # type: ignore[misc]
    """The outcome of the public draw."""

    seed = StringField(
        lazy_("Outcome of the public draw"),
        description=lazy_("Exactly as it was published, for example 12-45-3-88-61. It is entered once."),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the outcome of the public draw.")), Length(max=200)],
    )


class AppointForm(ActForm):
    """Chair and members, who waits to step in, who keeps the minutes."""

    chair = SelectField(lazy_("Chair"), coerce=person_key, validators=[InputRequired(lazy_("Choose who chairs."))])
    members = SelectMultipleField(
        lazy_("Members"),
        description=lazy_("The chair votes too: chair and members together must be an odd number."),
        coerce=person_key,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    even_reason = TextAreaField(
        lazy_("Why the number is even"),
        description=lazy_("Only where an even number votes: the reason that the act gives. It is shown with the act."),
        validators=[Length(max=LONGEST_REASON)],
    )
    first_substitute = SelectField(
        lazy_("First substitute"), coerce=person_key, validators=[Optional()],
        description=lazy_("Substitutes see nothing until they are called in, in this order."),
    )  # fmt: skip
    second_substitute = SelectField(lazy_("Second substitute"), coerce=person_key, validators=[Optional()])
    third_substitute = SelectField(lazy_("Third substitute"), coerce=person_key, validators=[Optional()])
    secretary = SelectField(
        lazy_("Secretary"), coerce=person_key, validators=[Optional()],
        description=lazy_("Keeps the minutes and does not score; usually an officer."),
    )  # fmt: skip

    @property
    def substitutes(self) -> tuple[SelectField, ...]:
        """The fields of substitutes, in their order."""
        return self.first_substitute, self.second_substitute, self.third_substitute

    @property
    def waiting(self) -> list[UUID]:
        """The substitutes that were chosen, in their order."""
        return [each.data for each in self.substitutes if each.data]

    def offer(self, offered: Offered) -> None:
        """Fill the choices; people of applicants are refused by the operation, with the reason."""
        self.chair.choices = [SelectChoice("", lazy_("Choose…")), *_people(offered.chairs)]
        self.members.choices = _people(offered.evaluators)
        self.secretary.choices = [SelectChoice("", lazy_("Nobody")), *_people(offered.secretaries)]
        for each in self.substitutes:
            each.choices = [SelectChoice("", lazy_("Nobody")), *_people(offered.evaluators)]


def _people(people: Sequence[Person]) -> list[SelectChoice]:
    return [SelectChoice(person.id, person.name) for person in people]


@dataclass(frozen=True, slots=True)
class Shown:
    """One criterion as the page shows it: what was typed or stored, with its fault, or the version it collides with."""

    criterion: Criterion
    points: str
    mark: int | None
    reason: str
    version: int
    fault: object = None
    theirs: Entry | None = None
    by_mark: bool = False
    is_changed: bool = False

    @property
    def level(self) -> Level | None:
        """The level that was chosen, where the criterion has levels."""
        return level_of(self.criterion, self.mark)


def shown(criteria: Sequence[Criterion], entries: Sequence[Entry]) -> list[Shown]:
    """The stored sheet: the criteria that are scored."""
    given = {entry.criterion: entry for entry in entries}
    return [stored_one(each, given[each.key]) for each in criteria if each.is_scored]


def stored_one(criterion: Criterion, entry: Entry, **more: Any) -> Shown:
    """One criterion as it is stored."""
    text = points_text(entry.points, locale())
    return Shown(criterion, text, entry.points, entry.reason, entry.version, **more)


def typed(criteria: Sequence[Criterion], stored: Sequence[Entry], form: Mapping[str, str]) -> list[Shown]:
    """The sheet as it was sent; a criterion that is not among the fields stays as it is stored."""
    given = {entry.criterion: entry for entry in stored}
    return [
        _typed_one(each, given[each.key], form) if f"reason-{each.key}" in form else stored_one(each, given[each.key])
        for each in criteria
        if each.is_scored
    ]


def _typed_one(criterion: Criterion, stored: Entry, form: Mapping[str, str]) -> Shown:
    key = criterion.key
    text, mark = form.get(f"points-{key}", ""), form.get(f"mark-{key}", "")
    reason, version = form.get(f"reason-{key}", ""), form.get(f"version-{key}", "0")
    number = _whole(version) or 0
    if criterion.levels:
        chosen = stored.points if (level := _whole(mark)) is None else level
        return Shown(criterion, points_text(chosen, locale()), chosen, reason, number, by_mark=True)
    try:
        points = parse_points(text, most_of(criterion))
    except Invalid as refusal:
        return Shown(criterion, text, stored.points, reason, number, fault=refusal.message)
    chosen = _whole(mark)
    by_mark = points == stored.points and chosen is not None and chosen != stored.points
    if by_mark:
        points, text = chosen, points_text(chosen, locale())
    return Shown(criterion, text, points, reason, number, by_mark=by_mark, is_changed=points != stored.points)


def _whole(text: str) -> int | None:
    """A short whole number, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def entries_from(sheet: Sequence[Shown]) -> list[Entry]:
    """What can be saved: every criterion without a fault."""
    return [Entry(each.criterion.key, each.mark, each.reason, each.version) for each in sheet if each.fault is None]
