"""Each message of a file judged in its order and done; payments that are simply paid are booked together."""

from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.db import new_id
from portal.core.db.bulk import insert_rows
from portal.grants.rules import local_day
from portal.ledger.operations import NotEnough
from portal.payments.bank.judging import Effect, Judgement, judge
from portal.payments.bank.models import BankFile, BankMessage
from portal.payments.bank.operations.effects import take_effect
from portal.payments.bank.operations.lines import Payments, locked_payments
from portal.payments.bank.rules import ASKS_FIRST, Outcome, Said, Trouble
from portal.payments.bank.told import BankReading, Told
from portal.payments.models import PaymentLine
from portal.payments.operations.booking import Paid, book_all_paid

FINGERPRINTS = 5_000
"""So many are asked about in one statement."""


@dataclass(slots=True)
class Taking:
    """A file while it is taken in: the payments it speaks of, what was said before, what is to be booked."""

    session: Session
    taken: BankFile
    payments: Payments
    said: set[str]
    actor: Actor
    now: datetime
    paid: list[Paid] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def write(self) -> None:
        """Book what was paid and keep what was said so far: before anything else follows, and at the end."""
        book_all_paid(self.session, paid=self.paid, actor=self.actor, now=self.now)
        insert_rows(self.session, cast("Table", BankMessage.__table__), self.rows)
        self.paid.clear()
        self.rows.clear()


def take_messages(
    session: Session, *, taken: BankFile, reading: BankReading, actor: Actor, now: datetime
) -> Counter[Outcome]:
    """Judge each message, do what follows, keep it; how many came to which outcome."""
    payments = locked_payments(
        session, authority_id=taken.authority_id, references=[each.end_to_end_id for each in reading.told],
        batches=[each.batch_id for each in reading.told if not each.end_to_end_id], actor=actor,
    )  # fmt: skip
    spread = _told_apart(_spread(reading, payments))
    said = _said_before(session, taken, [each.fingerprint for each in spread])
    taking = Taking(session, taken, payments, said, actor, now)
    outcomes = Counter(_take(taking, position, told) for position, told in enumerate(spread, start=1))
    taking.write()
    return outcomes


def _take(taking: Taking, position: int, told: Told) -> Outcome:
    """One message: judged, done, and noted to be kept."""
    line = taking.payments.by_reference.get(told.end_to_end_id)
    known = told.fingerprint in taking.said
    judgement = Judgement(Outcome.ALREADY) if known else _done(taking, told, line)
    taking.said.add(told.fingerprint)
    taking.rows.append(message_of(taken=taking.taken, position=position, told=told, line=line, judgement=judgement))
    return judgement.outcome


def _said_before(session: Session, taken: BankFile, fingerprints: list[str]) -> set[str]:
    """Those of these that this authority was told before."""
    found: set[str] = set()
    query = select(BankMessage.fingerprint).where(
        BankMessage.authority_id == taken.authority_id, BankMessage.outcome != Outcome.ALREADY
    )
    for start in range(0, len(fingerprints), FINGERPRINTS):
        part = set(fingerprints[start : start + FINGERPRINTS])
        found |= set(session.scalars(query.where(BankMessage.fingerprint.in_(part))))
    return found


def _spread(reading: BankReading, payments: Payments) -> list[Told]:
    """What is said of a batch is said of each payment in it that the file does not name."""
    listed = {each.end_to_end_id for each in reading.told}
    found: list[Told] = []
    for told in reading.told:
        order = payments.order_of(told.batch_id) if not told.end_to_end_id else None
        agrees = order is not None and told.amount_cents in (None, order.total_cents)
        if order is None or not agrees or told.said in (Said.WAITING, Said.UNCLEAR, Said.CREDITED):
            found.append(told)
            continue
        of_it = [each for each in payments.by_reference.values() if each.order_id == order.id]
        found += [
            replace(told, end_to_end_id=line.end_to_end_id, batch_id="", amount_cents=None)
            for line in of_it
            if line.end_to_end_id not in listed
        ]
    return found


def _told_apart(spread: Iterable[Told]) -> list[Told]:
    """Movements without a reference that are alike are as many payments: none stands for another."""
    seen: Counter[Told] = Counter()
    found = []
    for told in spread:
        found.append(told if told.reference else replace(told, again=seen[told]))
        seen[told] += 0 if told.reference else 1
    return found


def _done(taking: Taking, told: Told, line: PaymentLine | None) -> Judgement:
    seen = taking.payments.seen(line) if line else None
    judgement = _of_a_batch(told, taking.payments) or judge(told, seen, local_day(taking.now))
    if line is None:
        return judgement
    try:
        _act(taking, judgement, told, line)
    except NotEnough:
        return Judgement(Outcome.QUARANTINED, Trouble.BOOKS)
    if judgement.outcome is not Outcome.QUARANTINED or judgement.trouble is Trouble.CONTRADICTS:
        taking.payments.heard[line.id].add(told.said)
    return judgement


def _act(taking: Taking, judgement: Judgement, told: Told, line: PaymentLine) -> None:
    """Do what was judged; a payment that was made is only noted, and counts as paid at once."""
    if judgement.effect is Effect.PAY and told.day is not None:
        line.paid_on = told.day
        taking.paid.append(Paid(line, line.tranche, told.day))
        return
    if judgement.effect is not Effect.NONE or judgement.explains:
        taking.write()
    with taking.session.begin_nested() if judgement.effect is Effect.FAIL else nullcontext():
        take_effect(
            taking.session, judgement=judgement, told=told, line=line, actor=taking.actor, now=taking.now
        )  # fmt: skip


def _of_a_batch(told: Told, payments: Payments) -> Judgement | None:
    """A batch that is ours, of which nothing can be done: it waits still, or its sum is not ours."""
    if told.end_to_end_id or payments.order_of(told.batch_id) is None:
        return None
    if told.said is Said.WAITING:
        return Judgement(Outcome.IGNORED)
    trouble = Trouble.UNCLEAR if told.said in (Said.UNCLEAR, Said.CREDITED) else Trouble.AMOUNT
    return Judgement(Outcome.QUARANTINED, trouble, Effect.NONE)


def message_of(
    *, taken: BankFile, position: int, told: Told, line: PaymentLine | None, judgement: Judgement
) -> dict[str, Any]:
    """A message as it is kept; it belongs to a payment unless a person must say to which."""
    attached = judgement.outcome is not Outcome.QUARANTINED or judgement.trouble in ASKS_FIRST
    info = " · ".join(filter(None, (told.info, told.iban))) if judgement.trouble is Trouble.ACCOUNT else told.info
    return {
        "id": new_id(), "authority_id": taken.authority_id, "file_id": taken.id, "position": position,
        "said": told.said, "code": told.code, "reference": told.reference, "reason_code": told.reason,
        "info": info[:300] if info else None, "amount_cents": told.amount_cents, "is_euro": told.is_euro,
        "day": told.day, "fingerprint": told.fingerprint, "outcome": judgement.outcome, "trouble": judgement.trouble,
        "line_id": line.id if line and attached else None,
    }  # fmt: skip
