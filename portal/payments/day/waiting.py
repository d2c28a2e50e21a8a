"""What can be paid today, and what holds the rest: the gates read afresh, as the release itself reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from portal.core.actor import Actor
from portal.grants.models import Grant
from portal.payments.day.rules import (
    BANDS,
    FAR,
    LATE,
    LATER,
    LATER_DAYS,
    SOON,
    SOON_DAYS,
    Reason,
    Whose,
    held_by,
    whose,
)
from portal.payments.models import Tranche
from portal.payments.queries.facts import Standing, standing_of
from portal.payments.queries.finance import visible
from portal.payments.rules import PAYABLE_GRANTS, TrancheStatus

MOST_LOOKED_AT = 200
"""Tranches whose conditions the page reads, the nearest terms first."""
WAITING = (
    TrancheStatus.REQUESTED,
    TrancheStatus.VERIFIED,
    TrancheStatus.PROPOSED,
    TrancheStatus.APPROVED,
    TrancheStatus.ORDERED,
    TrancheStatus.FAILED,
)


@dataclass(frozen=True, slots=True)
class Payable:
    """A tranche that can go in a payment file now, and what would be paid of it."""

    tranche: Tranche
    net_cents: int


@dataclass(slots=True)
class Hold:
    """Tranches that wait for the same thing, the nearest term first."""

    reason: Reason
    tranches: list[Tranche] = field(default_factory=list)
    cents: int = 0

    @property
    def whose(self) -> Whose:
        """Whose move it is."""
        return whose(self.reason)


@dataclass(frozen=True, slots=True)
class Today:
    """The answer of the page."""

    payable: list[Payable]
    holds: list[Hold]
    is_whole: bool
    """Whether every waiting tranche was looked at."""

    @property
    def payable_cents(self) -> int:
        """What can be paid in all."""
        return sum(each.net_cents for each in self.payable)


def today_of(session: Session, actor: Actor, now: datetime, *, most: int | None = MOST_LOOKED_AT) -> Today:
    """What the actor's authorities can pay now, and what holds what else waits."""
    rows = _waiting(session, actor, most + 1 if most else None)
    seen = rows[:most]
    standings = standing_of(session, seen, now) if seen else {}
    payable, holds = [], dict[Reason, Hold]()
    for tranche in seen:
        standing = standings[tranche.id]
        reason = _reason(tranche, standing)
        if reason is None:
            payable.append(Payable(tranche, standing.money.net_cents))
            continue
        hold = holds.setdefault(reason, Hold(reason))
        hold.tranches.append(tranche)
        hold.cents += standing.money.gross_cents
    ordered = sorted(holds.values(), key=lambda hold: -hold.cents)
    return Today(payable, ordered, is_whole=len(rows) == len(seen))


def _reason(tranche: Tranche, standing: Standing) -> Reason | None:
    closed = [gate.name for gate in standing.closed]
    return held_by(tranche.status, closed, grant_moves=tranche.grant.status in PAYABLE_GRANTS)


def _waiting(session: Session, actor: Actor, most: int | None) -> Sequence[Tranche]:
    grant = joinedload(Tranche.grant)
    loaded = (grant.joinedload(Grant.call), grant.joinedload(Grant.organisation), grant.joinedload(Grant.application),
              grant.joinedload(Grant.agreements), joinedload(Tranche.milestone))  # fmt: skip
    query = select(Tranche).join(Grant, Grant.id == Tranche.grant_id).where(*visible(actor))
    query = query.where(Tranche.status.in_(WAITING)).options(*loaded).order_by(Tranche.due_on, Tranche.id).limit(most)
    return session.scalars(query).unique().all()


@dataclass(frozen=True, slots=True)
class Band:
    """Tranches by how much of their term is left."""

    name: str
    count: int
    cents: int


def terms_of(session: Session, actor: Actor, today: date) -> list[Band]:
    """All waiting tranches by what is left of their term of payment, whose length the call declares. One statement."""
    left = Tranche.due_on
    band = case(
        (left < today, LATE),
        (left <= date.fromordinal(today.toordinal() + SOON_DAYS), SOON),
        (left <= date.fromordinal(today.toordinal() + LATER_DAYS), LATER),
        else_=FAR,
    )
    query = select(band, func.count(Tranche.id), func.sum(Tranche.amount_cents)).join(
        Grant, Grant.id == Tranche.grant_id
    )
    query = query.where(*visible(actor), Tranche.status.in_(WAITING)).group_by(band)
    found = {name: Band(name, int(count), int(cents)) for name, count, cents in session.execute(query)}
    return [found.get(name, Band(name, 0, 0)) for name in BANDS]
