"""What the books say once the bank has paid, or has not: the same for a person's record and for a file of the bank.

Gross leaves the payable account: the net to what is paid, the tax to what is withheld; what comes back undoes both.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.access.policy import Action, Tie
from portal.access.queries import people_tied
from portal.access.queries.people import people_by_object
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.audit.together import Change, record_together
from portal.core.events import announce
from portal.core.i18n import in_both, lazy_
from portal.grants.operations.news import tell_people
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.operations import reverse, transfer
from portal.ledger.rules import AccountKind, PostingKind
from portal.ledger.together import Transfer, accounts_of_owners, transfer_together
from portal.notices.operations import notify_each
from portal.payments.models import PaymentLine, Tranche
from portal.payments.operations.accounts import grant_accounts, name_of
from portal.payments.operations.telling import money_changed
from portal.payments.rules import RECORD_FAILED, RECORD_PAID, PaymentReturned, TrancheStatus

K = AccountKind


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the bank did not pay: in its own or a person's words, and its code where it gave one."""

    words: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment that the bank made, and the day on its statement."""

    line: PaymentLine
    tranche: Tranche
    on: date


def book_paid(session: Session, *, line: PaymentLine, tranche: Tranche, on: date, actor: Actor, now: datetime) -> None:
    """A payment that waited was paid. Raises IllegalMove."""
    book_all_paid(session, paid=[Paid(line, tranche, on)], actor=actor, now=now)


def book_all_paid(session: Session, *, paid: Sequence[Paid], actor: Actor, now: datetime) -> None:
    """Payments of one authority that waited were paid, each of another tranche. Raises IllegalMove."""
    if not paid:
        return
    for each in paid:
        RECORD_PAID.apply(each.tranche.status)
    authority_id = paid[0].tranche.authority_id
    accounts = _accounts(session, [each.tranche for each in paid], authority_id, now)
    transfers = [transfer for each in paid for transfer in _transfers(each, accounts)]
    transfer_together(session, authority_id=authority_id, transfers=transfers, actor=actor, now=now)
    changes = [_settled(each, now) for each in paid]
    record_together(
        session, at=now, actor=actor, event=Action.PAYMENT_RECORD, subject_type=Tranche.__tablename__,
        authority_id=authority_id, changes=changes,
    )  # fmt: skip
    _tell_all_owners(session, [each.tranche for each in paid], now)
    money_changed(session, grants=[each.tranche.grant for each in paid], actor=actor, now=now)


def _accounts(
    session: Session, tranches: Sequence[Tranche], authority_id: UUID, now: datetime
) -> dict[tuple[AccountKind, UUID], Account]:
    names = []
    for tranche in tranches:
        kinds = (K.PAYABLE, K.PAID, K.WITHHELD) if tranche.withheld_cents else (K.PAYABLE, K.PAID)
        names += [(kind, tranche.grant_id, name_of(kind=kind, grant=tranche.grant)) for kind in kinds]
    return accounts_of_owners(session, authority_id=authority_id, names=names, now=now)


def _transfers(paid: Paid, accounts: Mapping[tuple[AccountKind, UUID], Account]) -> Iterator[Transfer]:
    """The net to what is paid, the tax to what is withheld."""
    tranche = paid.tranche
    of = (Tranche.__tablename__, tranche.id)
    payable = accounts[K.PAYABLE, tranche.grant_id]
    held = accounts[K.PAID, tranche.grant_id]
    yield Transfer(held, payable, paid.line.amount_cents, PostingKind.PAYMENT_RECORDED, *of)
    if tranche.withheld_cents:
        kept = accounts[K.WITHHELD, tranche.grant_id]
        yield Transfer(kept, payable, tranche.withheld_cents, PostingKind.TAX_WITHHELD, *of)


def _settled(paid: Paid, now: datetime) -> Change:
    line, tranche = paid.line, paid.tranche
    before = {"status": tranche.status}
    line.paid_on = tranche.paid_on = paid.on
    tranche.make(RECORD_PAID, at=now)
    after = {"status": tranche.status, "paid_on": paid.on, "cents": line.amount_cents, "payment": line.end_to_end_id}
    return Change(tranche.id, before=before, after=after)


def _tell_all_owners(session: Session, tranches: Sequence[Tranche], now: datetime) -> None:
    """A line in the inbox of whoever represents the recipient, one for each tranche."""
    owners: dict[UUID, list[UUID]] = defaultdict(list)
    wanted = {tranche.grant.organisation_id for tranche in tranches}
    for organisation_id, _tie, person in people_by_object(session, wanted, [Tie.OWNER], now):
        owners[organisation_id].append(person.id)
    words = {
        number: in_both(lazy_("Tranche %(number)s was paid.", number=number))
        for number in {tranche.number for tranche in tranches}
    }
    told = [
        (person_id, words[tranche.number], f"/tranches/{tranche.id}")
        for tranche in tranches
        for person_id in owners[tranche.grant.organisation_id]
    ]
    notify_each(session, told=told, now=now)


def book_failed(
    session: Session, *, line: PaymentLine, tranche: Tranche, failure: Failure, actor: Actor, now: datetime
) -> None:
    """A payment was refused, or came back: its money is payable again, the recipient learns why. Raises IllegalMove."""
    RECORD_FAILED.apply(tranche.status)
    before = {"status": tranche.status}
    if tranche.status is TrancheStatus.PAID:
        announce(session, PaymentReturned(tranche_id=tranche.id, grant_id=tranche.grant_id, actor=actor, at=now))
        _undo(session, line, tranche, actor, now)
    line.failed_at, line.failure, line.reason_code, tranche.paid_on = now, failure.words, failure.code, None
    tranche.failed_by = actor.person_id
    tranche.make(RECORD_FAILED, at=now)
    after = {"status": tranche.status, "cents": line.amount_cents, "payment": line.end_to_end_id}
    record(
        session, at=now, actor=actor, event=Action.PAYMENT_RECORD, subject=tranche, before=before, after=after,
        reason=failure.words,
    )  # fmt: skip
    owners = people_tied(session, tranche.grant.organisation_id, [Tie.OWNER], now)
    text = lazy_("The bank did not pay tranche %(number)s: read why.", number=tranche.number)
    tell_people(
        session, people=owners, message=text, path=f"/tranches/{tranche.id}", now=now, template="payments/failed",
        tranche=tranche, line=line,
    )  # fmt: skip
    money_changed(session, grants=[tranche.grant], actor=actor, now=now)


def mend_day(session: Session, *, line: PaymentLine, tranche: Tranche, on: date, actor: Actor, now: datetime) -> None:
    """It was paid earlier than was known; no money moves."""
    before = {"paid_on": line.paid_on}
    line.paid_on = tranche.paid_on = on
    after = {"paid_on": on, "payment": line.end_to_end_id}
    record(session, at=now, actor=actor, event=Action.PAYMENT_RECORD, subject=tranche, before=before, after=after)


def _undo(session: Session, line: PaymentLine, tranche: Tranche, actor: Actor, now: datetime) -> None:
    accounts = grant_accounts(session, grant=tranche.grant, now=now)
    transfer(
        session, debit=accounts.payable, credit=accounts.paid, amount_cents=line.amount_cents,
        posting=PostingKind.PAYMENT_RETURNED, subject=tranche, actor=actor, now=now,
    )  # fmt: skip
    mirror = aliased(LedgerEntry)
    standing = select(LedgerEntry).where(
        LedgerEntry.subject_id == tranche.id, LedgerEntry.posting == PostingKind.TAX_WITHHELD,
        ~select(mirror.id).where(mirror.reverses_id == LedgerEntry.id).exists(),
    )  # fmt: skip
    if tranche.withheld_cents:
        for entry in session.scalars(standing).all():
            reverse(session, entry=entry, actor=actor, now=now)
