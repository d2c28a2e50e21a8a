"""Events as lines of a page: what happened, to what, by whom, in words; each reader gets what they may know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.access.labels import ROLES
from portal.access.policy import Role
from portal.core.audit import AuditEvent
from portal.core.i18n import _
from portal.reporting.trail.aggregates import AGGREGATES
from portal.reporting.trail.labels import EVENTS, SUBJECTS
from portal.reporting.trail.rules import RANKED, REFUSED, is_of_the_commission
from portal.reporting.trail.values import Change, Names, absent_people, changes

POINTS = "total_hundredths"
LENGTH_OF_A_KEY = 32
"""Digits of a key written without dashes; a list of roles that was cut ends in fewer."""
KNOWN_ROLES = frozenset(role.value for role in Role)


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reader of a list may know."""

    names_commission: bool = True
    sees_points: bool = True
    sees_requests: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One line."""

    id: UUID
    at: datetime
    title: str
    subject: str
    path: str | None
    who: str
    role: str
    changes: list[Change]
    reason: str | None
    sequence: int
    request_id: str
    is_refusal: bool
    is_emptied: bool


def entry(row: AuditEvent, names: Names, reader: Reader) -> Entry:
    """An event in words."""
    is_refusal = row.event.startswith(REFUSED)
    who, role = _who(row, names, reader)
    return Entry(
        id=row.id,
        at=row.at,
        title=title_of(row.event),
        subject=_subject(row, names),
        path=f"/trail/{row.subject_type}/{row.subject_id}" if row.subject_type in AGGREGATES else None,
        who=who,
        role=role,
        changes=changes(row.subject_type, row.before, _after(row, reader), names),
        reason=row.reason,
        sequence=row.sequence,
        request_id=row.request_id if reader.sees_requests else "",
        is_refusal=is_refusal,
        is_emptied=row.salt == "",
    )


def title_of(event: str) -> str:
    """What happened; an event that has no words yet is told by its own name."""
    if event.startswith(REFUSED):
        return str(_("Refused: %(what)s", what=title_of(event.removeprefix(REFUSED))))
    label = EVENTS.get(event)
    return str(label) if label is not None else event


def _who(row: AuditEvent, names: Names, reader: Reader) -> tuple[str, str]:
    """The name and the role of then; for outsiders the office instead of whoever evaluated (P12)."""
    if not reader.names_commission and is_of_the_commission(row.subject_type, row.event):
        return str(_("the office") if row.event.startswith(RANKED) else _("the commission")), ""
    name = row.actor_name if row.actor_name is not None else str(_("name erased"))
    return name, ", ".join(_role(each, names) for each in row.actor_roles.split(",") if each != Role.PERSON)


def _role(value: str, names: Names) -> str:
    """A role in words; `role~key` was held in the place of the person with this key."""
    if value == "system":
        return str(_("automatic"))
    value, _mark, absent = value.partition("~")
    label = str(ROLES[Role(value)]) if value in KNOWN_ROLES else value
    name = next((names.get(str(key)) for key in absent_people(f"{value}~{absent}")), None)
    return str(_("%(role)s in the place of %(name)s", role=label, name=name or "–")) if absent else label


def _after(row: AuditEvent, reader: Reader) -> Mapping[str, Any] | None:
    if reader.sees_points or row.after is None:
        return row.after
    return {key: value for key, value in row.after.items() if key != POINTS}


def _subject(row: AuditEvent, names: Names) -> str:
    kind = str(SUBJECTS.get(row.subject_type, row.subject_type.replace("_", " ")))
    name = names.get(str(row.subject_id))
    return f"{kind} {name}" if name else kind
