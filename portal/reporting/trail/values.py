"""Before and after as a readable difference: amounts, instants and names as people write them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from portal.access.labels import BANK_DETAILS, FACTS, KINDS, LEGAL_FORMS, MEMBERS, OFFERS, ROLES
from portal.access.rules import masked_iban
from portal.applications.labels import LABELS as APPLICATIONS
from portal.calls.labels import CALL_STATUSES, PHASE_STATUSES
from portal.coaching.labels import LABELS as SESSIONS
from portal.core.i18n import _, locale
from portal.core.instants import format_day, format_hours, format_instant
from portal.core.money import format_money
from portal.evaluation.labels import ASSIGNMENT_LABELS, RANKING_LABELS, SEAT_LABELS
from portal.evaluation.points import total_text
from portal.grants.changes.labels import ENDS, GROUNDS, PROCEEDINGS
from portal.grants.changes.labels import STATUS as AMENDMENTS
from portal.grants.labels import CHECKS
from portal.grants.labels import LABELS as GRANTS
from portal.ledger.labels import POSTING
from portal.milestones.control.labels import ANSWERS as CONTROL_ANSWERS
from portal.milestones.control.labels import OUTCOMES as LINE_OUTCOMES
from portal.milestones.costs.labels import LABELS as COST_REPORTS
from portal.milestones.labels import LABELS as MILESTONES
from portal.payments.batches.labels import MODES
from portal.payments.closing.labels import STATUS as ACCOUNTS
from portal.payments.gate_words import GATE
from portal.payments.guarantees.labels import STATUS as GUARANTEES
from portal.payments.irregularities.labels import KINDS as IRREGULARITIES
from portal.payments.irregularities.labels import OUTCOMES as IRREGULARITY_OUTCOMES
from portal.payments.labels import STATUS
from portal.payments.recoveries.labels import STATUS as RECOVERIES
from portal.payments.taxes.labels import OUTCOMES as DEBTS
from portal.reporting.trail.fields import FIELDS, UNTOLD

Names = Mapping[str, str]
KEY_DIGITS = 32
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d+Z")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
SHOWN_OF_A_FINGERPRINT = 16
LONGEST = 500
"""Characters of one value; the whole stands in the exported file."""


def _by_value(*tables: Mapping[Any, Any]) -> dict[str, Any]:
    """Label tables by the stored value; of (label, tone) the label."""
    return {
        str(key.value if isinstance(key, Enum) else key): label[0] if isinstance(label, tuple) else label
        for table in tables
        for key, label in table.items()
    }


STATUSES: Mapping[str, Mapping[str, Any]] = {
    "application": _by_value(APPLICATIONS),
    "assignment": _by_value(ASSIGNMENT_LABELS),
    "bank_details": _by_value(BANK_DETAILS),
    "call": _by_value(PHASE_STATUSES, CALL_STATUSES),
    "coaching_session": _by_value(SESSIONS),
    "grant_award": _by_value(GRANTS, AMENDMENTS, PROCEEDINGS),
    "milestone": _by_value(MILESTONES),
    "cost_report": _by_value(COST_REPORTS),
    "offered_fact": _by_value(OFFERS),
    "phase": _by_value(PHASE_STATUSES),
    "ranking": _by_value(RANKING_LABELS),
    "tranche": _by_value(STATUS),
    "guarantee": _by_value(GUARANTEES),
    "recovery": _by_value(RECOVERIES),
    "final_account": _by_value(ACCOUNTS),
}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "checks": _by_value(CHECKS),
    "mode": _by_value(MODES),
    "outcome": _by_value(DEBTS),
    "gates": _by_value(GATE),
    "ground": _by_value(GROUNDS),
    "kind": _by_value(KINDS, FACTS, ENDS, IRREGULARITIES),
    "irregularity_outcome": _by_value(IRREGULARITY_OUTCOMES),
    "legal_form": _by_value(LEGAL_FORMS),
    "posting": _by_value(POSTING),
    "line_outcome": _by_value(LINE_OUTCOMES),
    "control_answers": _by_value(CONTROL_ANSWERS),
    "role": _by_value(ROLES),
    "seats": _by_value(SEAT_LABELS),
    "tie": _by_value(MEMBERS),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what it was, what it became; None where nothing was said."""

    field: str
    before: str | None
    after: str | None


def changes(subject_type: str, before: Any, after: Any, names: Names) -> list[Change]:
    """The fields that were told, in the order in which they were recorded, in words."""
    old, new = before or {}, after or {}
    return [
        Change(
            _field(key),
            in_words(subject_type, key, old[key], names) if old.get(key) is not None else None,
            in_words(subject_type, key, new[key], names) if new.get(key) is not None else None,
        )
        for key in {**old, **new}
        if key not in UNTOLD and (old.get(key) is not None or new.get(key) is not None)
    ]


def ids_in(value: Any) -> Iterator[UUID]:
    """Every key that a recorded value names."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from ids_in(key)
            yield from ids_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from ids_in(item)
    elif isinstance(value, str) and UUID_TEXT.fullmatch(value):
        yield UUID(value)


def _field(key: str) -> str:
    known = FIELDS.get("status" if key == "value" else key)
    return str(known) if known is not None else key.replace("_", " ").capitalize()


def in_words(subject_type: str, key: str, value: Any, names: Names) -> str:
    """One value."""
    if isinstance(value, dict):
        parts = (f"{names.get(each, each)}: {in_words(subject_type, key, item, names)}" for each, item in value.items())
        return "; ".join(parts)[:LONGEST]
    if isinstance(value, list):
        return ", ".join(in_words(subject_type, key, item, names) for item in value)[:LONGEST]
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, int):
        return _number(key, value)
    return _text(subject_type, key, str(value), names)


def _number(key: str, value: int) -> str:
    if key == "cents" or key.endswith("_cents"):
        return format_money(value)
    if key.endswith("minutes"):
        return format_hours(value)
    return str(total_text(value, locale())) if key.endswith("_hundredths") else str(value)


def _text(subject_type: str, key: str, value: str, names: Names) -> str:
    table = STATUSES.get(subject_type, {}) if key in ("status", "value") else CHOICES.get(key, {})
    if value in table:
        return str(table[value])
    for pattern, write in WRITTEN:
        if pattern.fullmatch(value):
            return write(value, names)
    return masked_iban(value) if key == "iban" and "*" not in value else value[:LONGEST]


def _instant(value: str, _names: Names) -> str:
    return format_instant(datetime.fromisoformat(value))


def _day(value: str, _names: Names) -> str:
    try:
        return format_day(date.fromisoformat(value))
    except ValueError:
        return value


def _fingerprint(value: str, _names: Names) -> str:
    return f"{value[:SHOWN_OF_A_FINGERPRINT]}…"


def _key(value: str, names: Names) -> str:
    return names.get(value, value)


WRITTEN: tuple[tuple[re.Pattern[str], Callable[[str, Names], str]], ...] = (
    (UUID_TEXT, _key),
    (INSTANT, _instant),
    (DAY, _day),
    (FINGERPRINT, _fingerprint),
)


def absent_people(roles: str) -> Iterator[UUID]:
    """In whose place somebody acted: `role~key`."""
    for each in roles.split(","):
        absent = each.partition("~")[2]
        if len(absent) == KEY_DIGITS:
            yield UUID(absent)
