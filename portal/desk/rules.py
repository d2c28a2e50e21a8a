"""How urgent a due step is, by whole days of Rome's calendar."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.notices.rules import DueStep

ROME = ZoneInfo("Europe/Rome")
SOON = 3


@dataclass(frozen=True, slots=True)
class Urgency:
    """`level` is overdue, today, soon or later; `days` is how many days are left (negative: how many too many)."""

    level: str
    days: int | None


def urgency(by: datetime | None, now: datetime) -> Urgency:
    """The urgency of a term: past instants are overdue even on their own day."""
    if by is None:
        return Urgency("later", None)
    days = (by.astimezone(ROME).date() - now.astimezone(ROME).date()).days
    if by < now:
        return Urgency("overdue", min(days, 0))
    if days == 0:
        return Urgency("today", 0)
    return Urgency("soon" if days <= SOON else "later", days)


def most_urgent_first(steps: list[DueStep]) -> list[DueStep]:
    """Steps with a term by term, then those without one, each group in the order given."""
    terms = [(step.by, place, step) for place, step in enumerate(steps) if step.by is not None]
    dated = sorted(terms, key=lambda term: term[:2])
    return [step for _by, _place, step in dated] + [step for step in steps if step.by is None]
