"""Milestones and tranches, one round each: gates tried while they are closed, then opened; the bank is a fake one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.access.operations.facts import FactSeen, record_fact
from portal.access.queries.consortia import leads_of
from portal.access.rules import FactKind
from portal.core.errors import Refusal
from portal.core.i18n import lazy_
from portal.core.money import format_cents
from portal.grants.models import Grant
from portal.milestones.models import Milestone
from portal.milestones.operations import accept_report, submit_report
from portal.milestones.rules import MilestoneStatus
from portal.payments.gate_words import GATE
from portal.payments.models import PaymentLine, Tranche
from portal.payments.operations import (
    approve_tranche,
    order_payments,
    propose_tranche,
    record_failed,
    record_paid,
    request_tranche,
    verify_tranche,
)
from portal.payments.operations.refusals import GatesClosed
from portal.payments.queries import tranches_of
from portal.payments.rules import TrancheStatus
from portal.rehearsal.play import Play
from portal.rehearsal.rules import SIGNED_AFTER
from portal.rehearsal.saying import Listed
from portal.rehearsal.steps.accounting import account_for
from portal.rehearsal.steps.releasing import bring_money_about
from portal.rehearsal.words import SENTENCES

BANK_SAYS = "AC04: il conto del beneficiario risulta chiuso (banca di prova)"
ROUND = timedelta(days=12)
"""From the request of a tranche to the answer of the bank."""


@dataclass(frozen=True, slots=True)
class Round:
    """One tranche of every grant: its number, the day it begins, whether it is the first."""

    number: int
    begins: date


def pay(play: Play) -> None:
    """Round by round: what waits for a milestone is refused first, then reported, accepted, asked for and paid."""
    grants = play.grants
    begins = play.days.day(SIGNED_AFTER + 20)
    for number in range(1, len(play.design.tranches) + 1):
        due = [_milestones_before(play, grant, number) for grant in grants]
        last = max((each.due_on for found in due for each in found), default=begins)
        begins = max(begins, last + timedelta(days=1))
        this = Round(number, begins)
        ready = [tranche for grant in grants if (tranche := _bring(play, grant, this)) is not None]
        _order(play, ready, this)
        begins += ROUND


def _milestones_before(play: Play, grant: Grant, number: int) -> list[Milestone]:
    """The milestones that the tranche waits for and those before them, not accepted yet."""
    tranche = _tranche(play, grant, number)
    waits = tranche.milestone.number if tranche is not None and tranche.milestone is not None else 0
    query = select(Milestone).where(
        Milestone.grant_id == grant.id, Milestone.number <= waits, Milestone.status != MilestoneStatus.ACCEPTED
    )
    return list(play.session.scalars(query.order_by(Milestone.number)))


def _tranche(play: Play, grant: Grant, number: int) -> Tranche | None:
    return next((each for each in tranches_of(play.session, grant.id) if each.number == number), None)


def _bring(play: Play, grant: Grant, this: Round) -> Tranche | None:
    """Bring a tranche to its approval; None where it cannot be."""
    tranche = _tranche(play, grant, this.number)
    if tranche is None:
        return None
    open_ones = _milestones_before(play, grant, this.number)
    _try_too_early(play, grant, tranche, this)
    for milestone in open_ones:
        _report(play, grant, milestone)
    _certify(play, grant, this)
    bring_money_about(play, grant, tranche, play.days.on(this.begins, 12))
    account_for(play, grant, tranche, play.days.on(this.begins, 13))
    for place, (key, move) in enumerate(RELEASE):
        if move is request_tranche and tranche.status is TrancheStatus.REQUESTED:
            continue
        now = play.days.on(this.begins + timedelta(days=1 + place))
        actor = play.owner_of(grant.organisation_id, now) if key == "owner" else play.actor(key, now)
        play.session.flush()
        refusal = play.attempt(move, **_given(move, tranche), actor=actor, now=now)
        if refusal is not None:
            _tell(play, play.impossible, grant, tranche, refusal)
            return None
    return tranche


def _given(move: Callable[..., Any], tranche: Tranche) -> dict[str, Any]:
    seen = {"version_seen": tranche.version} if move is approve_tranche else {}
    return {"tranche_id": tranche.id, **seen}


RELEASE: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("owner", request_tranche),
    ("officer", verify_tranche),
    ("maker", propose_tranche),
    ("approver", approve_tranche),
)


def _try_too_early(play: Play, grant: Grant, tranche: Tranche, this: Round) -> None:
    """Ask while something is still missing: what is refused says which gates hold."""
    now = play.days.on(this.begins - timedelta(days=1))
    actor = play.owner_of(grant.organisation_id, now)
    refusal = play.attempt(request_tranche, tranche_id=tranche.id, actor=actor, now=now)
    if refusal is not None:
        _tell(play, play.held, grant, tranche, refusal)


def _tell(play: Play, say: Callable[..., None], grant: Grant, tranche: Tranche, refusal: Refusal) -> None:
    closed = [GATE[gate.name] for gate in refusal.gates] if isinstance(refusal, GatesClosed) else []
    say(
        lazy_("%(reference)s, tranche %(number)s was held: %(reasons)s", reference=grant.reference,
              number=tranche.number, reasons=Listed(closed) if closed else refusal.message),
        place=f"tranches.{tranche.number - 1}.gates", path=f"/grants/{grant.id}",
    )  # fmt: skip


def _report(play: Play, grant: Grant, milestone: Milestone) -> None:
    now = play.days.on(milestone.due_on, 12)
    submit_report(
        play.session, milestone_id=milestone.id, narrative=" ".join(SENTENCES[:4]),
        uploads=[play.paper(f"Relazione {milestone.number}", grant.reference)],
        actor=play.owner_of(grant.organisation_id, now), now=now,
    )  # fmt: skip
    then = now + timedelta(hours=4)
    accept_report(play.session, milestone_id=milestone.id, actor=play.actor("officer", then), now=then)
    play.done(
        lazy_("%(reference)s: milestone %(number)s reported and accepted.", reference=grant.reference,
              number=milestone.number),
        path=f"/milestones/{milestone.id}",
    )  # fmt: skip


def _certify(play: Play, grant: Grant, this: Round) -> None:
    """A certificate of regular contributions that is valid on the days of this round."""
    lead = leads_of(play.session, [grant.organisation]).get(grant.organisation_id)
    now = play.days.on(this.begins, 11)
    record_fact(
        play.session, organisation_id=lead.organisation_id if lead else grant.organisation_id, now=now,
        actor=play.actor("officer", now), seen=FactSeen(FactKind.DURC, this.begins, f"PROVA_{this.number}"),
    )  # fmt: skip


def _order(play: Play, tranches: list[Tranche], this: Round) -> None:
    """One file for all; the fake bank pays each but the last one of the first round, whose account it finds closed."""
    if not tranches:
        return
    now = play.days.on(this.begins + timedelta(days=6), 16)
    refusal = play.attempt(
        order_payments, tranche_ids=[each.id for each in tranches], execution_on=this.begins + timedelta(days=7),
        actor=play.actor("maker", now), now=now,
    )  # fmt: skip
    if refusal is not None:
        play.impossible(refusal.message, place=f"tranches.{this.number - 1}")
        return
    play.done(lazy_("A payment file for %(count)s tranches went to the bank of the rehearsal.", count=len(tranches)))
    for tranche in tranches:
        fails = this.number == 1 and len(tranches) > 1 and tranche is tranches[-1]
        _answer(play, tranche, play.days.on(this.begins + timedelta(days=8), 17), fails=fails)
    if this.number == 1 and len(tranches) > 1:
        _order_again(play, tranches[-1], this)


def _order_again(play: Play, tranche: Tranche, this: Round) -> None:
    """By somebody else than who said that it failed."""
    now = play.days.on(this.begins + timedelta(days=9), 16)
    order_payments(
        play.session, tranche_ids=[tranche.id], execution_on=this.begins + timedelta(days=9),
        actor=play.actor("approver", now), now=now,
    )  # fmt: skip
    _answer(play, tranche, play.days.on(this.begins + timedelta(days=10), 17), fails=False)


def _answer(play: Play, tranche: Tranche, now: datetime, *, fails: bool) -> None:
    play.session.flush()
    query = select(PaymentLine.id).where(PaymentLine.tranche_id == tranche.id, PaymentLine.failed_at.is_(None))
    line, maker = play.session.scalars(query).one(), play.actor("maker", now)
    path, euro = f"/tranches/{tranche.id}", format_cents(tranche.amount_cents)
    if fails:
        record_failed(play.session, line_id=line, reason=BANK_SAYS, actor=maker, now=now)
        play.held(
            lazy_("%(reference)s, tranche %(number)s: the bank did not pay € %(euro)s (%(reason)s).",
                  reference=tranche.grant.reference, number=tranche.number, euro=euro, reason=BANK_SAYS), path=path,
        )  # fmt: skip
        return
    record_paid(play.session, line_id=line, paid_on=now.date(), actor=maker, now=now)
    play.done(
        lazy_("%(reference)s, tranche %(number)s: € %(euro)s paid.", reference=tranche.grant.reference,
              number=tranche.number, euro=euro), path=path,
    )  # fmt: skip


def paid_cents(play: Play) -> int:
    """What the fake bank paid in all."""
    query = select(Tranche).join(Tranche.grant).where(Grant.call_id == play.call.id)
    return sum(each.amount_cents for each in play.session.scalars(query) if each.status is TrancheStatus.PAID)
