"""What a reader of the trail asks for: read from the address, leniently, since a list has no wrong question."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from portal.core.i18n import _, lazy_
from portal.core.text import clean_line
from portal.reporting.trail.labels import KINDS
from portal.reporting.trail.rules import Kind, Wanted

LONGEST = 120
FIRST_YEAR, LAST_YEAR = 2000, 2200


class Asking(FlaskForm):  # type: ignore[misc]
    """A form that is sent by GET: no token, nothing changes."""

    class Meta:
        """Without the token."""

        csrf = False


class HistoryForm(Asking):
    """Filter of the history of one object."""

    kind = SelectField(lazy_("What about"), validate_choice=False)
    person = SelectField(lazy_("Who"), validate_choice=False)


class TrailForm(Asking):
    """Search in the trail of an authority."""

    about = StringField(lazy_("Object"))
    by = StringField(lazy_("Person"))
    kind = SelectField(lazy_("What about"), validate_choice=False)
    day = DateField(lazy_("Day"))


def wanted_of(args: Mapping[str, str]) -> Wanted:
    """What the address asks for; what cannot be read is not asked."""
    return Wanted(
        kind=_kind(args.get("kind", "")),
        person=_key(args.get("person", "")),
        after=_key(args.get("after", "")),
        about=clean_line(args.get("about", "")[:LONGEST]),
        by=clean_line(args.get("by", "")[:LONGEST]),
        day=_day(args.get("day", "")),
    )


def history_form(wanted: Wanted, people: Sequence[tuple[UUID, str]]) -> HistoryForm:
    """The filter as it was asked."""
    form = HistoryForm(formdata=None, kind=_value(wanted.kind), person=str(wanted.person or ""))
    form.kind.choices = _kinds()
    form.person.choices = [SelectChoice("", _("everybody")), *(SelectChoice(str(key), name) for key, name in people)]
    return form


def trail_form(wanted: Wanted) -> TrailForm:
    """The search as it was asked."""
    form = TrailForm(formdata=None, about=wanted.about, by=wanted.by, kind=_value(wanted.kind), day=wanted.day)
    form.kind.choices = _kinds()
    return form


def _kinds() -> list[SelectChoice]:
    return [SelectChoice("", _("everything")), *(SelectChoice(kind.value, str(label)) for kind, label in KINDS.items())]


def _value(kind: Kind | None) -> str:
    return kind.value if kind else ""


def _kind(text: str) -> Kind | None:
    return next((kind for kind in Kind if kind.value == text), None)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
