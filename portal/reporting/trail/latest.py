"""The latest of everything that happened to a grant: its own events and those of every room, in one statement."""

from collections.abc import Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit import AuditEvent
from portal.grants.models import Grant
from portal.grants.parts import Happening
from portal.milestones.models import Milestone
from portal.payments.models import Tranche
from portal.reporting.trail.aggregates import AGGREGATES
from portal.reporting.trail.entries import Reader, entry
from portal.reporting.trail.rules import REFUSED
from portal.reporting.trail.seen import Seen

MOST = 12


def latest_of_grant(session: Session, actor: Actor, grant: Grant) -> Sequence[Happening]:
    """As its history tells it to the same reader, but for refused attempts; newest first."""
    kind = Grant.__tablename__
    seen = Seen(kind, grant.id, grant, AGGREGATES[kind], actor)
    query = (
        select(AuditEvent, func.coalesce(Milestone.number, Tranche.number))
        .outerjoin(Milestone, and_(AuditEvent.subject_type == "milestone", Milestone.id == AuditEvent.subject_id))
        .outerjoin(Tranche, and_(AuditEvent.subject_type == "tranche", Tranche.id == AuditEvent.subject_id))
        .where(seen.rows(), ~AuditEvent.event.startswith(REFUSED, autoescape=True))
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(MOST)
    )
    found = session.execute(query).all()
    names = {str(row.subject_id): str(number) for row, number in found if number is not None}
    reader = Reader(names_commission=seen.is_inside, sees_points=not seen.hides_points, sees_requests=False)
    told = [(row.subject_id == grant.id, entry(row, names, reader)) for row, _number in found]
    return [Happening(each.at, each.title, each.who, "" if own else each.subject, each.path) for own, each in told]
