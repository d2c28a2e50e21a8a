"""The moments at which a team is rated, planned when its agreement comes into force and moved with its end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.coaching.maturity.queries.standings import rules_of
from portal.coaching.maturity.rules import Planned, moments_of
from portal.coaching.models import Assessment
from portal.core.actor import Actor
from portal.core.audit import record
from portal.grants.models import Grant


def plan_assessments(session: Session, *, grant_id: UUID, actor: Actor, now: datetime) -> list[Assessment]:
    """The moments that the call asks for; those that nobody has rated yet move with the days of the project."""
    grant = session.get_one(Grant, grant_id)
    rules = rules_of(grant)
    if rules is None or grant.starts_on is None or grant.ends_on is None:
        return []
    query = select(Assessment).options(selectinload(Assessment.ratings)).where(Assessment.grant_id == grant.id)
    standing = {each.moment: each for each in session.scalars(query)}
    planned = moments_of(rules, grant.starts_on, grant.ends_on)
    changed = [each for each in planned if _is_news(each, standing.get(each.moment))]
    rows = [_put(session, grant, each, standing.get(each.moment)) for each in changed]
    if changed:
        after = {"days": [each.opens_on for each in changed]}
        record(session, at=now, actor=actor, event="maturity.planned", subject=grant, after=after)
    return rows


def _is_news(planned: Planned, row: Assessment | None) -> bool:
    if row is None:
        return True
    return not row.ratings and (row.opens_on, row.due_on) != (planned.opens_on, planned.due_on)


def _put(session: Session, grant: Grant, planned: Planned, row: Assessment | None) -> Assessment:
    if row is None:
        row = Assessment(
            authority_id=grant.authority_id, grant_id=grant.id, application_id=grant.application_id,
            organisation_id=grant.organisation_id, moment=planned.moment, opens_on=planned.opens_on,
            due_on=planned.due_on,
        )  # fmt: skip
        session.add(row)
    row.opens_on, row.due_on = planned.opens_on, planned.due_on
    return row
