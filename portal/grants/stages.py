"""How a grant is told on its page: the stages it passes through, and what is missing with who does it.

A piece of its own: the words of several rules together, for people; the rules themselves are in rules.py.
"""

from dataclasses import dataclass
from datetime import date

from portal.access.policy import Action
from portal.core.i18n import _
from portal.core.instants import format_day
from portal.grants.labels import NEEDS, WHO, WHY
from portal.grants.models import Grant
from portal.grants.queries import ACTION_OF
from portal.grants.rules import GrantStatus, Need


@dataclass(frozen=True, slots=True)
class Todo:
    """One open step, with who takes it and the action it needs."""

    need: Need
    label: str
    who: str
    why: str
    action: Action


def todo_of(grant: Grant, today: date) -> list[Todo]:
    """The open steps, in order."""
    return [
        Todo(need, str(NEEDS[need]), str(WHO[need]), str(WHY[need]), ACTION_OF[need]) for need in grant.needs_on(today)
    ]


def stages_of(grant: Grant) -> list[dict[str, str]]:
    """The stages of the grant, for the stepper."""
    reached = _reached(grant)
    told = [
        (_("Award"), _("act %(number)s", number=grant.act_number)),
        (_("Legal entity") if grant.incorporation else _("Requirements"), _second_note(grant)),
        (_("CUP"), grant.cup or ""),
        (_("Agreement"), _agreement_note(grant)),
        (_("Project under way"), format_day(grant.starts_on) if grant.starts_on else ""),
    ]
    return [{"label": label, "note": note, "state": _state(index, reached)} for index, (label, note) in enumerate(told)]


def _state(index: int, reached: int) -> str:
    if index < reached:
        return "done"
    return "current" if index == reached else "todo"


def _reached(grant: Grant) -> int:
    if grant.starts_on is not None:
        return 5
    if grant.status is GrantStatus.PROPOSED:
        return 0
    if grant.status in (GrantStatus.VERIFYING, GrantStatus.INCORPORATING):
        return 1
    return 3 if grant.cup else 2


def _second_note(grant: Grant) -> str:
    incorporation = grant.incorporation
    if incorporation is None or incorporation.confirmed_at is not None:
        return ""
    return str(_("by %(day)s", day=format_day(incorporation.due_on)))


def _agreement_note(grant: Grant) -> str:
    agreement = grant.agreement
    if agreement is None:
        return ""
    if grant.agreement_in_force:
        return str(_("in force"))
    return str(_("signed by the recipient") if agreement.signed_at else _("waits for the signature"))
