"""What the pages of changes show, gathered for whoever may read the grant."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.core.errors import Refusal
from portal.core.web.forms import show_refusal
from portal.documents.web import listed
from portal.grants.changes.limits import after_change, shift_left
from portal.grants.changes.queries import plan_in_force, versions_of
from portal.grants.changes.rules import FreeShift, Plan
from portal.grants.changes.telling import Line, differences
from portal.grants.changes.wanting import typed_names
from portal.grants.models import Amendment, Grant


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do: the lines that move, and whether it needs nobody's approval."""

    lines: list[Line]
    is_free: bool
    left: FreeShift


def effect_of(session: Session, grant: Grant, plan: Plan, form: Any, *, is_team: bool) -> Effect | None:
    """The effect of what was typed; None, with the message beside its field, where it cannot be."""
    try:
        change = form.change()
        after = after_change(session, grant, plan, change)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return None
    left = shift_left(session, grant, plan)
    moved = getattr(change, "cents", None)
    return Effect(differences(plan, after), is_team and moved is not None and moved <= left.left, left)


def is_typed(form: Any, kind: Any) -> bool:
    """Whether all that says what changes is filled in as it must be; the reason comes later."""
    faults = [name for name in typed_names(form, kind) if not form._fields[name].validate(form)]
    if faults:
        form.reason.errors = form.files.errors = ()
    return not faults


def lines_of(session: Session, grant: Grant, row: Amendment) -> list[Line]:
    """What a request moves: by the version that it led to, else as the plan stands now."""
    made = versions_around(session, row)
    if made is not None:
        return differences(*made)
    version = plan_in_force(session, grant.id)
    if version is None:
        return []
    try:
        return differences(version.plan, after_change(session, grant, version.plan, row.change))
    except Refusal:
        return []


def versions_around(session: Session, row: Amendment) -> tuple[Plan, Plan] | None:
    """The plans before and after a request that was granted."""
    found = versions_of(session, row.grant_id)
    made = next((each for each in found if each.amendment_id == row.id), None)
    return (found[made.number - 2].plan, made.plan) if made else None


def files_of(row: Amendment) -> list[dict[str, Any]]:
    """The files of a request, for the list."""
    found = [each.file for each in row.files]
    return [
        listed(file, url=url_for("grants.change_file", grant_id=row.grant_id, amendment_id=row.id, file_id=file.id),
               added="")
        for file in found
    ]  # fmt: skip


def day_asked(text: str, today: date) -> date:
    """The day of an address; today for anything that is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today
