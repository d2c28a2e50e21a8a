"""What the minutes say of each event of the trail: its words in both languages, and the application it concerns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.core.audit import AuditEvent
from portal.core.i18n import in_both, lazy_
from portal.evaluation.sittings import Happening, Named


@dataclass(frozen=True, slots=True)
class Known:
    """What belongs to the commission: an event of anything else is none of its session."""

    commission_id: UUID
    people: Mapping[UUID, str]
    named: Mapping[UUID, Named]
    """The applications of the phase."""
    assignments: Mapping[UUID, tuple[Named, str]]
    """Of each assignment the application, and who scores it."""
    marks: Mapping[UUID, tuple[Named, str]]
    """Of each agreed mark the application, and who reports."""
    others: frozenset[UUID]
    """Rankings, draws and rounds of the phase."""


Teller = Callable[[AuditEvent, Known], Happening | None]


def _of_assignment(words: object) -> Teller:
    return lambda event, known: _about(event, known.assignments.get(event.subject_id), words)


def _of_mark(words: object) -> Teller:
    return lambda event, known: _about(event, known.marks.get(event.subject_id), words)


def _of_phase(words: object) -> Teller:
    return lambda event, known: _told(event, words) if event.subject_id in known.others else None


def _about(event: AuditEvent, found: tuple[Named, str] | None, words: object) -> Happening | None:
    return None if found is None else _told(event, words, found[0], name=found[1])


def _told(event: AuditEvent, words: object, application: Named | None = None, **more: Any) -> Happening:
    given = {**(event.after or {}), "reason": event.reason or "", **more}
    return Happening(event.at, {key: text % given for key, text in in_both(words).items()}, application)


def _substituted(event: AuditEvent, known: Known) -> Happening | None:
    if event.subject_id != known.commission_id:
        return None
    coming = (event.after or {}).get("person")
    words = STEPS_IN if coming else LEAVES
    return _told(event, words, leaver=_name(known, (event.before or {}).get("person")), name=_name(known, coming))


def _left(event: AuditEvent, known: Known) -> Happening | None:
    if event.subject_id != known.commission_id:
        return None
    return _told(event, ENDS, name=_name(known, (event.before or {}).get("person")))


def _lifted(event: AuditEvent, known: Known) -> Happening | None:
    """Why stays with who reads the declarations."""
    after = event.after or {}
    about = known.named.get(UUID(after["application"]))
    return about and _told(event, LIFTED, about, name=_name(known, after["person"]))


def _seated(event: AuditEvent, known: Known) -> Happening | None:
    if event.subject_id != known.commission_id:
        return None
    return _told(event, SEATED, name=_name(known, (event.after or {}).get("person")))


def _published(event: AuditEvent, known: Known) -> Happening | None:
    is_final = (event.after or {}).get("status") == "final"
    return _of_phase(FINAL if is_final else PROVISIONAL)(event, known)


def _name(known: Known, person_id: str | None) -> str:
    return known.people.get(UUID(person_id), "–") if person_id else "–"


LEAVES = lazy_("%(leaver)s leaves the commission and there is no substitute: %(reason)s")
STEPS_IN = lazy_("%(leaver)s leaves the commission: %(reason)s. %(name)s, substitute, takes the seat")
ENDS = lazy_("%(name)s no longer has a seat on the commission: %(reason)s")
LIFTED = lazy_("The conflict of interest of %(name)s is lifted by act %(act)s of %(date)s")
SEATED = lazy_("%(name)s takes a seat on the commission by act %(act)s of %(date)s")
PROVISIONAL = lazy_("The provisional ranking is published by act %(act)s")
FINAL = lazy_("The final ranking is published by act %(act)s")

TELLERS: dict[str, Teller] = {
    "assignment.made": _of_assignment(lazy_("Assigned to %(name)s")),
    "assignment.returned": _of_assignment(lazy_("Assigned again to %(name)s")),
    "assignment.recused": _of_assignment(lazy_("%(name)s no longer scores")),
    "scores.finalised": _of_assignment(lazy_("%(name)s closes the scores")),
    "score.reopen": _of_assignment(lazy_("The scores of %(name)s are opened again by act %(act)s")),
    "assignment.taken_back": _of_assignment(lazy_("%(name)s no longer scores")),
    "agreement.agreed": _of_mark(lazy_("The evaluators agree on a mark, on the report of %(name)s")),
    "round.begin": _of_phase(lazy_("A round of the evaluation is begun by act %(act)s")),
    "commission.substituted": _substituted,
    "commission.left": _left,
    "conflict.lift": _lifted,
    "commission.seated": _seated,
    "ranking.compute": _of_phase(lazy_("Version %(version)s of the ranking is computed")),
    "ranking.publish": _published,
    "draw.published": _of_phase(lazy_("The lists for a public draw (%(source)s) are published by act %(act)s")),
    "draw.seeded": _of_phase(lazy_("The outcome of the public draw is entered: %(seed)s")),
}
"""The events that the minutes tell; whatever else the trail holds of those hours stays in the trail."""
