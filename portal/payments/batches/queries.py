"""What a batch would do before it does it, and what became of one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, Role, authorise
from portal.access.queries import MEMBER_TIES
from portal.calls.models import CallBudgetLine
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import in_language
from portal.grants.models import Grant
from portal.ledger.models import Account
from portal.ledger.rules import AccountKind
from portal.payments.batches.models import ReleaseBatch, ReleaseBatchLine
from portal.payments.batches.rules import MOST_LINES
from portal.payments.gates import Gate
from portal.payments.limits.queries import Room, room_of
from portal.payments.models import Tranche
from portal.payments.queries.facts import Reckoned, standing_of
from portal.payments.queries.finance import visible
from portal.payments.rules import PAYABLE_GRANTS, TrancheStatus


@dataclass(frozen=True, slots=True)
class Candidate:
    """One tranche that waits for approval: what it comes to, and what stands in its way for this person."""

    tranche: Tranche
    money: Reckoned
    closed: Sequence[Gate]
    is_own_proposal: bool
    pays_oneself: bool
    award_cents: int

    @property
    def amount_differs(self) -> bool:
        """Whether it comes to something else than was asked for."""
        return self.money.gross_cents != self.tranche.amount_cents

    @property
    def is_free(self) -> bool:
        """Whether nothing stands in its way as far as can be seen now; the release looks again."""
        in_the_way = (self.closed, self.is_own_proposal, self.pays_oneself, self.amount_differs)
        return not any(in_the_way) and self.award_cents >= self.money.gross_cents


@dataclass(frozen=True, slots=True)
class Effect:
    """What the chosen tranches come to together, by budget line, against the person's limit of today."""

    gross_cents: int
    withheld_cents: int
    by_line: Sequence[tuple[str, int]]
    room: Room

    @property
    def net_cents(self) -> int:
        """What recipients would be paid."""
        return self.gross_cents - self.withheld_cents

    @property
    def is_within_the_limit(self) -> bool:
        """Whether the person may release all of it today."""
        return self.room.holds(self.gross_cents)


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """Everything the page of a batch shows; `effect` is None until something is chosen."""

    candidates: Sequence[Candidate]
    chosen: frozenset[UUID]
    effect: Effect | None
    more: bool


def release_page(session: Session, chosen: frozenset[UUID], actor: Actor, now: datetime) -> ReleasePage:
    """Tranches that wait for an approver of this actor's authorities, and the effect of those chosen."""
    waiting = _waiting(session, actor)
    more, waiting = len(waiting) > MOST_LINES, waiting[:MOST_LINES]
    standings = standing_of(session, waiting, now) if waiting else {}
    awards = _awards(session, [each.grant_id for each in waiting])
    candidates = [
        Candidate(
            each, standings[each.id].money, standings[each.id].closed, each.proposed_by == actor.person_id,
            not actor.ties_to(each.grant.organisation_id).isdisjoint(MEMBER_TIES), awards.get(each.grant_id, 0),
        )
        for each in waiting
    ]  # fmt: skip
    picked = [each for each in candidates if each.tranche.id in chosen]
    effect = _effect(session, picked, actor, now) if picked else None
    return ReleasePage(candidates, frozenset(each.tranche.id for each in picked), effect, more)


def batch_seen(session: Session, batch_id: UUID, actor: Actor) -> ReleaseBatch:
    """One batch with its lines, for whoever reads the ledger; or NotFound."""
    lines = selectinload(ReleaseBatch.lines).joinedload(ReleaseBatchLine.tranche).joinedload(Tranche.grant)
    to_organisation, to_application = lines.joinedload(Grant.organisation), lines.joinedload(Grant.application)
    query = select(ReleaseBatch).where(ReleaseBatch.id == batch_id)
    found = session.scalars(query.options(to_organisation, to_application, joinedload(ReleaseBatch.person)))
    batch = found.one_or_none()
    if batch is None:
        raise NotFound
    authorise(actor, Action.LEDGER_READ, batch)
    return batch


def _waiting(session: Session, actor: Actor) -> list[Tranche]:
    grant = joinedload(Tranche.grant, innerjoin=True)
    query = (
        select(Tranche)
        .join(Grant, Grant.id == Tranche.grant_id)
        .where(
            *visible(actor),
            Tranche.authority_id.in_(actor.authorities_as(Role.FINANCE_APPROVER)),
            Tranche.status == TrancheStatus.PROPOSED,
            Grant.status.in_(PAYABLE_GRANTS),
        )
        .options(
            grant.joinedload(Grant.call), grant.joinedload(Grant.organisation), grant.joinedload(Grant.application),
            grant.joinedload(Grant.agreements), joinedload(Tranche.milestone),
        )
        .order_by(Tranche.due_on, Tranche.id)
    )  # fmt: skip
    return list(session.scalars(query).unique())[: MOST_LINES + 1]


def _awards(session: Session, grants: Sequence[UUID]) -> dict[UUID, int]:
    """What is left to release of each grant."""
    query = select(Account.owner_id, Account.balance_cents)
    held = query.where(Account.kind == AccountKind.AWARD, Account.owner_id.in_(grants))
    return dict(session.execute(held).all())


def _effect(session: Session, picked: Sequence[Candidate], actor: Actor, now: datetime) -> Effect:
    by_line: Counter[UUID] = Counter()
    for each in picked:
        by_line[each.tranche.grant.budget_line_id] += each.money.gross_cents
    names = select(CallBudgetLine).where(CallBudgetLine.id.in_(by_line)).order_by(CallBudgetLine.id)
    lines = [(in_language(line.name), by_line[line.id]) for line in session.scalars(names)]
    return Effect(
        gross_cents=sum(each.money.gross_cents for each in picked),
        withheld_cents=sum(each.money.withheld_cents for each in picked),
        by_line=lines,
        room=room_of(session, picked[0].tranche.authority_id, actor.person_id, now),
    )
