"""Whose books somebody may read, and which of them a page was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from portal.access.models import Authority
from portal.access.policy import ALLOWED, Action, Tie
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.ledger.periods.models import AccountingPeriod
from portal.ledger.periods.queries import closed_periods

READERS = frozenset(role.value for role, tie in ALLOWED[Action.LEDGER_READ] if tie is Tie.SAME_AUTHORITY)


def authorities_of(actor: Actor) -> frozenset[UUID]:
    """The authorities whose money the actor may see."""
    return frozenset(authority for role, authority in actor.roles if role in READERS)


def offices_of(session: Session, actor: Actor) -> Sequence[Authority]:
    """Those authorities, by name."""
    query = select(Authority).where(Authority.id.in_(authorities_of(actor))).options(load_only(Authority.name))
    return session.scalars(query.order_by(Authority.name, Authority.id)).all()


@dataclass(frozen=True, slots=True)
class Books:
    """The books of one authority as a page shows them: now, or as a month closed them."""

    office: Authority
    offices: Sequence[Authority]
    periods: Sequence[AccountingPeriod]
    period: AccountingPeriod | None


def books_asked(session: Session, actor: Actor, office_id: UUID | None, period_id: UUID | None) -> Books:
    """The books asked for (the first ones when none are); NotFound for those of others. Two statements."""
    offices = offices_of(session, actor)
    office = next((each for each in offices if office_id is None or each.id == office_id), None)
    if office is None:
        raise NotFound
    periods = closed_periods(session, [office.id])
    period = next((each for each in periods if each.id == period_id), None)
    if period_id is not None and period is None:
        raise NotFound
    return Books(office, offices, periods, period)
