"""Releasing a tranche: asked by the recipient, verified by the officer, proposed and approved by two people.

Gates are read at each step, the last time inside the releasing transaction.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import in_both, lazy_
from portal.core.moves import Move
from portal.grants.rules import local_day
from portal.ledger.operations import transfer
from portal.ledger.rules import PostingKind
from portal.payments.gates import Gate
from portal.payments.limits.operations import stay_within_the_limit
from portal.payments.models import NEXT_ACT, Tranche
from portal.payments.operations.accounts import grant_accounts
from portal.payments.operations.conditions import (
    as_asked_for,
    as_planned,
    earlier_ones_are_released,
    gates_are_open,
    grant_is_payable,
    stand_apart,
    tell_the_owners,
    written,
)
from portal.payments.operations.refusals import AmountChanged, ChangedSinceSeen, SamePerson
from portal.payments.queries.facts import Standing
from portal.payments.queries.tranches import tranche_for_update
from portal.payments.rules import APPROVE, LONGEST_REASON, PROPOSE, REQUEST, SEND_BACK, VERIFY, TrancheStatus


def request_tranche(session: Session, *, tranche_id: UUID, actor: Actor, now: datetime) -> Tranche:
    """The recipient asks for a tranche; the term of payment starts.

    Raises IllegalMove, GrantNotPayable, EarlierTrancheOpen, GatesClosed or Forbidden; nothing has changed then.
    """
    tranche = _for(session, tranche_id, Action.TRANCHE_REQUEST, REQUEST, actor)
    earlier_ones_are_released(session, tranche=tranche)
    standing = _standing(session, tranche, now)
    as_asked_for(tranche=tranche, standing=standing)
    tranche.requested_by, tranche.requested_at = actor.person_id, now
    tranche.due_on = local_day(now) + timedelta(days=tranche.grant.call.design.payment_days)
    tranche.note = None
    return _move(session, tranche, REQUEST, Action.TRANCHE_REQUEST, actor, now, gates=standing.gates)


def verify_tranche(session: Session, *, tranche_id: UUID, actor: Actor, now: datetime) -> Tranche:
    """The officer confirms that the request may be paid. Raises as before, PaysOneself and AmountChanged."""
    tranche = _for(session, tranche_id, Action.TRANCHE_VERIFY, VERIFY, actor)
    stand_apart(session, tranche=tranche, actor=actor)
    standing = _as_before(session, tranche, now)
    tranche.verified_by, tranche.verified_at = actor.person_id, now
    return _move(session, tranche, VERIFY, Action.TRANCHE_VERIFY, actor, now, gates=standing.gates)


def propose_tranche(session: Session, *, tranche_id: UUID, actor: Actor, now: datetime) -> Tranche:
    """The maker proposes the payment. Raises as `verify_tranche`."""
    tranche = _for(session, tranche_id, Action.TRANCHE_PROPOSE, PROPOSE, actor)
    stand_apart(session, tranche=tranche, actor=actor)
    standing = _as_before(session, tranche, now)
    tranche.proposed_by, tranche.proposed_at = actor.person_id, now
    return _move(session, tranche, PROPOSE, Action.TRANCHE_PROPOSE, actor, now, gates=standing.gates)


def approve_tranche(session: Session, *, tranche_id: UUID, version_seen: int, actor: Actor, now: datetime) -> Tranche:
    """The checker approves the version seen: the award's money becomes payable, and the tax on it is computed.

    Raises SamePerson, PaysOneself, ChangedSinceSeen, GatesClosed, AmountChanged, OverLimit, NotEnough or IllegalMove;
    nothing has changed then.
    """
    tranche = _for(session, tranche_id, Action.TRANCHE_APPROVE, APPROVE, actor)
    stand_apart(session, tranche=tranche, actor=actor)
    if tranche.proposed_by == actor.person_id:
        raise SamePerson
    if tranche.version != version_seen:
        raise ChangedSinceSeen
    standing = _as_before(session, tranche, now)
    stay_within_the_limit(session, tranche=tranche, actor=actor, now=now)
    tranche.withheld_cents, tranche.note = standing.money.withheld_cents, None
    accounts = grant_accounts(session, grant=tranche.grant, now=now)
    transfer(
        session, debit=accounts.payable, credit=accounts.award, amount_cents=tranche.amount_cents,
        posting=PostingKind.RELEASE_APPROVED, subject=tranche, actor=actor, now=now,
    )  # fmt: skip
    tranche.approved_by, tranche.approved_at, tranche.failed_by = actor.person_id, now, None
    return _move(session, tranche, APPROVE, Action.TRANCHE_APPROVE, actor, now, gates=standing.gates)


def send_back_tranche(session: Session, *, tranche_id: UUID, reason: str, actor: Actor, now: datetime) -> Tranche:
    """Whoever has to act next sends the tranche back to the recipient, with a reason; nothing was released yet.

    Raises IllegalMove, Forbidden, or Invalid without a reason.
    """
    tranche = tranche_for_update(session, tranche_id)
    authorise(actor, Action.TRANCHE_SEND_BACK, tranche)
    SEND_BACK.apply(tranche.status)
    if not allowed(actor, NEXT_ACT[tranche.status], tranche):  # stopping money asks for no second factor
        raise Forbidden
    note = written(reason=reason, longest=LONGEST_REASON)
    if not note:
        raise Invalid(lazy_("Write the reason: the recipient reads it."), "reason")
    tranche.note = note
    as_planned(tranche=tranche)
    tranche.requested_by = tranche.verified_by = tranche.proposed_by = None
    tranche.requested_at = tranche.verified_at = tranche.proposed_at = tranche.due_on = None
    moved = _move(session, tranche, SEND_BACK, Action.TRANCHE_SEND_BACK, actor, now, reason=note)
    text = lazy_("Tranche %(number)s was sent back to you: read the note of the office.", number=tranche.number)
    tell_the_owners(session, tranche=tranche, text=in_both(text), now=now)
    return moved


def _for(session: Session, tranche_id: UUID, action: Action, move: Move[TrancheStatus], actor: Actor) -> Tranche:
    """The tranche, locked, for an act that the actor may take and that starts from its present state."""
    tranche = tranche_for_update(session, tranche_id)
    authorise(actor, action, tranche)
    move.apply(tranche.status)
    grant_is_payable(tranche=tranche)
    return tranche


def _standing(session: Session, tranche: Tranche, now: datetime) -> Standing:
    return gates_are_open(session, tranches=[tranche], now=now)[tranche.id]


def _as_before(session: Session, tranche: Tranche, now: datetime) -> Standing:
    """The standing of a tranche that comes to what was asked for. Raises GatesClosed or AmountChanged."""
    standing = _standing(session, tranche, now)
    if standing.money.gross_cents != tranche.amount_cents:
        raise AmountChanged
    return standing


def _move(
    session: Session, tranche: Tranche, move: Move[TrancheStatus], action: Action, actor: Actor, now: datetime,
    *, gates: list[Gate] | None = None, reason: str | None = None,
) -> Tranche:  # fmt: skip
    before = {"status": tranche.status, "version": tranche.version}
    tranche.make(move, at=now)
    session.flush()
    after: dict[str, object] = {"status": tranche.status, "version": tranche.version, "cents": tranche.amount_cents}
    if tranche.withheld_cents:
        after["withheld_cents"] = tranche.withheld_cents
    if gates is not None:
        after["gates"] = [gate.name for gate in gates]
    record(session, at=now, actor=actor, event=action, subject=tranche, before=before, after=after, reason=reason)
    return tranche
