"""The register of an authority: filters, counts, one page after another."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select, true
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Tie
from portal.core.actor import Actor
from portal.grants.models import Grant
from portal.ledger.scope import authorities_of
from portal.payments.irregularities.models import Irregularity
from portal.payments.irregularities.rules import IrregularityKind

MOST_ROWS = 60


class Which(StrEnum):
    """Which of them a page shows."""

    OPEN = "open"
    TO_REPORT = "to_report"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page was asked for; without a kind, those of every kind."""

    which: Which = Which.OPEN
    kind: IrregularityKind | None = None


SHOWN: dict[Which, ColumnElement[bool]] = {
    Which.OPEN: Irregularity.closed_at.is_(None),
    Which.TO_REPORT: and_(Irregularity.report_by.is_not(None), Irregularity.reported_on.is_(None)),
    Which.CLOSED: Irregularity.closed_at.is_not(None),
    Which.ALL: true(),
}


def registered(
    session: Session, actor: Actor, wanted: Wanted, *, before: UUID | None = None, most: int | None = MOST_ROWS + 1
) -> Sequence[Irregularity]:
    """Irregularities of the actor's authorities, the newest first, one page before a key. One statement."""
    grant = joinedload(Irregularity.grant, innerjoin=True)
    query = select(Irregularity).join(Grant, Grant.id == Irregularity.grant_id)
    query = query.where(*_visible(actor), SHOWN[wanted.which], *_of_kind(wanted.kind))
    query = query.options(grant.joinedload(Grant.organisation)).order_by(Irregularity.id.desc()).limit(most)
    return session.scalars(query.where(Irregularity.id < before) if before else query).all()


def counted(session: Session, actor: Actor, kind: IrregularityKind | None) -> dict[Which, int]:
    """How many each filter shows. One statement."""
    sums = [func.sum(case((shown, 1), else_=0)) for shown in SHOWN.values()]
    query = select(*sums).select_from(Irregularity).join(Grant, Grant.id == Irregularity.grant_id)
    row = session.execute(query.where(*_visible(actor), *_of_kind(kind))).one()
    return {which: int(number or 0) for which, number in zip(SHOWN, row, strict=True)}


def _of_kind(kind: IrregularityKind | None) -> list[ColumnElement[bool]]:
    return [] if kind is None else [Irregularity.kind == kind]


def _visible(actor: Actor) -> list[ColumnElement[bool]]:
    """Of the actor's authorities, never of a grant in conflict with the actor."""
    found: list[ColumnElement[bool]] = [Irregularity.authority_id.in_(authorities_of(actor))]
    if conflicts := actor.objects_tied_as(Tie.CONFLICTED):
        columns = (Grant.id, Grant.organisation_id, Grant.application_id, Grant.call_id)
        found += [column.not_in(conflicts) for column in columns]
    return found
