"""Taking a file of the bank in: kept, read, each message judged and done; the same file or message changes nothing."""

from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, NotFound
from portal.core.i18n import lazy_
from portal.core.instants import format_day
from portal.core.unit_of_work import violation
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.grants.rules import local_day
from portal.ledger.operations import NotEnough
from portal.payments.bank.judging import Effect, Judgement, judge
from portal.payments.bank.models import BankFile, BankMessage
from portal.payments.bank.operations.effects import take_effect
from portal.payments.bank.operations.lines import Payments, locked_payments
from portal.payments.bank.rules import LARGEST_FILE, Outcome, Said, Trouble
from portal.payments.bank.told import BankReading, Told
from portal.payments.models import PaymentLine


class FileKnown(Conflict):
    """The same bytes were taken in before."""

    default = lazy_("This file was taken in already. Nothing was changed.")


violation("uq_bank_file_authority_id", FileKnown)
violation("uq_bank_message_said_once", FileKnown)


def bank_file_rules(session: Session, *, authority_id: UUID, actor: Actor) -> FileRules:
    """What is asked of a file of the bank, for whoever may take one in."""
    _payer(session, authority_id, actor)
    return FileRules(accept=("xml", "csv"), max_bytes=LARGEST_FILE)


def _payer(session: Session, authority_id: UUID, actor: Actor, *, lock: bool = False) -> Authority:
    locked: Any = {"key_share": True} if lock else None
    authority = session.get(Authority, authority_id, with_for_update=locked)
    if authority is None:
        raise NotFound
    authorise(actor, Action.PAYMENT_RECORD, authority)
    return authority


def take_bank_file(
    session: Session, *, authority_id: UUID, upload: Arrived | None, reading: BankReading, actor: Actor, now: datetime
) -> BankFile:
    """Keep the file and do what it says of each payment; what cannot be done by itself waits for a person.

    Raises FileKnown for the same file again, Forbidden, NotFound. One file of an authority is taken at a time.
    """
    _payer(session, authority_id, actor, lock=True)
    sha256 = upload.sha256 if upload else ""
    known = select(BankFile.imported_at).where(BankFile.authority_id == authority_id, BankFile.sha256 == sha256)
    if (before := session.scalar(known)) is not None:
        words = lazy_("This file was taken in on %(day)s already. Nothing was changed.", day=format_day(before))
        raise FileKnown(words, "file")
    rules = bank_file_rules(session, authority_id=authority_id, actor=actor)
    file = store_upload(session, upload=upload, rules=rules, actor=actor, now=now)
    session.flush()
    taken = BankFile(
        authority_id=authority_id, kind=reading.kind, sha256=sha256, file_id=file.id,
        bank_reference=reading.message_id, imported_by=actor.person_id, imported_at=now,
    )  # fmt: skip
    session.add(taken)
    session.flush()
    outcomes = _take_messages(session, taken, reading, actor, now)
    after = {"kind": taken.kind, "sha256": sha256, **{each.value: outcomes[each] for each in Outcome}}
    record(session, at=now, actor=actor, event="bank_file.taken", subject=taken, after=after)
    return taken


def _take_messages(
    session: Session, taken: BankFile, reading: BankReading, actor: Actor, now: datetime
) -> Counter[Outcome]:
    payments = locked_payments(
        session, authority_id=taken.authority_id, references=[each.end_to_end_id for each in reading.told],
        batches=[each.batch_id for each in reading.told if not each.end_to_end_id], actor=actor,
    )  # fmt: skip
    said = _said_before(session, taken.authority_id)
    outcomes: Counter[Outcome] = Counter()
    for position, told in enumerate(_spread(reading, payments), start=1):
        line = payments.by_reference.get(told.end_to_end_id)
        if told.fingerprint in said:
            judgement = Judgement(Outcome.ALREADY)
        else:
            judgement = _done(session, told, line, payments, actor, now)
        said.add(told.fingerprint)
        session.add(message_of(taken=taken, position=position, told=told, line=line, judgement=judgement))
        outcomes[judgement.outcome] += 1
    return outcomes


def _said_before(session: Session, authority_id: UUID) -> set[str]:
    query = select(BankMessage.fingerprint).where(BankMessage.authority_id == authority_id)
    return set(session.scalars(query.where(BankMessage.outcome != Outcome.ALREADY)))


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


def _done(
    session: Session, told: Told, line: PaymentLine | None, payments: Payments, actor: Actor, now: datetime
) -> Judgement:
    judgement = _of_a_batch(told, payments) or judge(told, payments.seen(line) if line else None, local_day(now))
    if line is None:
        return judgement
    try:
        with session.begin_nested() if judgement.effect is Effect.FAIL else nullcontext():
            take_effect(session, judgement=judgement, told=told, line=line, actor=actor, now=now)
    except NotEnough:
        return Judgement(Outcome.QUARANTINED, Trouble.BOOKS)
    if judgement.outcome is not Outcome.QUARANTINED or judgement.trouble is Trouble.CONTRADICTS:
        payments.heard[line.id].add(told.said)
    return judgement


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
) -> BankMessage:
    """A message as it is kept; it belongs to a payment unless a person must say to which."""
    attached = judgement.outcome is not Outcome.QUARANTINED or judgement.trouble is Trouble.CONTRADICTS
    return BankMessage(
        authority_id=taken.authority_id, file_id=taken.id, position=position, said=told.said, code=told.code,
        reference=told.reference, reason_code=told.reason, info=told.info, amount_cents=told.amount_cents,
        is_euro=told.is_euro, day=told.day, fingerprint=told.fingerprint, outcome=judgement.outcome,
        trouble=judgement.trouble, line_id=line.id if line and attached else None,
    )  # fmt: skip
