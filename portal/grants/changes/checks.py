"""Invariants of changes: each version of a plan follows from the one before, and the grant says what the last says."""

from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core.errors import Invalid
from portal.grants.changes.rules import EndKind, folded
from portal.grants.models import EndAct, Grant, PlanVersion, Proceeding, Suspension
from portal.grants.rules import ENDED, GrantStatus


def broken(session: Session) -> Iterator[str]:
    """One line for each plan, suspension or act that says one thing where the grant says another."""
    yield from _plans(session)
    yield from _suspensions(session)
    yield from _ends(session)


def _plans(session: Session) -> Iterator[str]:
    query = select(PlanVersion).options(joinedload(PlanVersion.grant))
    by_grant: dict[Grant, list[PlanVersion]] = {}
    for version in session.scalars(query.order_by(PlanVersion.grant_id, PlanVersion.number)):
        by_grant.setdefault(version.grant, []).append(version)
    for grant, versions in by_grant.items():
        for before, after in pairwise(versions):
            if not _follows(before, after):
                yield f"changes: version {after.number} of the plan of {grant.reference} does not follow its change"
        last = versions[-1].plan
        if (last.ends_on, last.granted_cents) != (grant.ends_on, grant.granted_cents):
            yield f"changes: the plan of {grant.reference} and the grant differ in end or amount"


def _follows(before: PlanVersion, after: PlanVersion) -> bool:
    change = after.changed
    try:
        return change is not None and folded(before.plan, change) == after.plan
    except Invalid:
        return False


def _suspensions(session: Session) -> Iterator[str]:
    lasting = set(session.scalars(select(Suspension.grant_id).where(Suspension.ended_at.is_(None))))
    query = select(Grant.id, Grant.reference, Grant.status).order_by(Grant.reference)
    for grant_id, reference, status in session.execute(query):
        if (status is GrantStatus.SUSPENDED) != (grant_id in lasting):
            yield f"changes: {reference} is {status}, which its suspensions do not say"


def _ends(session: Session) -> Iterator[str]:
    """A grant that is over has its act; what acts freed is what it was reduced by."""
    query = select(EndAct).join(Proceeding, Proceeding.id == EndAct.proceeding_id).order_by(EndAct.grant_id)
    freed: dict[object, int] = {}
    over = set()
    for act in session.scalars(query):
        freed[act.grant_id] = freed.get(act.grant_id, 0) + act.freed_cents
        over |= {act.grant_id} if act.kind is not EndKind.PARTIAL_REVOCATION else set()
    for grant in session.scalars(select(Grant).order_by(Grant.reference)):
        if (told := freed.get(grant.id, 0)) != grant.reduced_cents:
            yield f"changes: {grant.reference} was reduced by {grant.reduced_cents}, its acts say {told}"
        if (grant.status in ENDED) != (grant.id in over):
            yield f"changes: {grant.reference} is {grant.status}, which its acts do not say"
