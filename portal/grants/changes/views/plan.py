"""The plan as it was in force on a day, and what changed between two versions."""

from collections.abc import Sequence
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.grants.changes import labels, queries
from portal.grants.changes.shown import day_asked
from portal.grants.changes.telling import differences
from portal.grants.models import PlanVersion
from portal.grants.queries import grant_to_read
from portal.grants.rules import end_of_day, local_day
from portal.grants.views.bp import bp


@bp.get("/grants/<uuid:grant_id>/in-force")
@declares(Action.GRANT_READ)
def plan_on(grant_id: UUID) -> ResponseReturnValue:
    """Budget, milestones, tranches, end and partners on a day; two versions side by side."""
    with reading() as session:
        grant = grant_to_read(session, current_actor(), grant_id)
        day = day_asked(request.args.get("day", ""), local_day(now()))
        versions = queries.versions_of(session, grant.id)
        found = [each for each in versions if each.in_force_from <= end_of_day(day)]
        shown = found[-1] if found else None
        old, new = _asked(versions, "from", -2), _asked(versions, "to", -1)
        lines = differences(old.plan, new.plan) if old and new else []
        return page("grants/changes/plan.html", grant=grant, day=day, shown=shown, versions=versions, old=old, new=new,
                    lines=lines, labels=labels)  # fmt: skip


def _asked(versions: Sequence[PlanVersion], name: str, usual: int) -> PlanVersion | None:
    """The version that an address names, else one counted from the last."""
    number = request.args.get(name, type=int)
    found = next((each for each in versions if each.number == number), None)
    return found or (versions[max(usual, -len(versions))] if versions else None)
