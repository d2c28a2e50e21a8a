"""What the books say once the bank has paid, or has not: the same for a person's record and for a file of the bank.

Gross leaves the payable account: the net to what is paid, the tax to what is withheld; what comes back undoes both.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.access.policy import Action, Tie
from portal.access.queries import people_tied
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.i18n import in_both, lazy_
from portal.grants.models import Grant
from portal.grants.operations.news import tell_people
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.operations import open_account, reverse, transfer
from portal.ledger.rules import AccountKind, PostingKind
from portal.payments.models import PaymentLine, Tranche
from portal.payments.operations.accounts import grant_accounts
from portal.payments.operations.conditions import tell_the_owners
from portal.payments.rules import RECORD_FAILED, RECORD_PAID, TrancheStatus


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the bank did not pay: in its own or a person's words, and its code where it gave one."""

    words: str
    code: str | None = None


def book_paid(session: Session, *, line: PaymentLine, tranche: Tranche, on: date, actor: Actor, now: datetime) -> None:
    """A payment that waited was paid. Raises IllegalMove."""
    RECORD_PAID.apply(tranche.status)
    before = {"status": tranche.status}
    accounts = grant_accounts(session, grant=tranche.grant, now=now)
    transfer(
        session, debit=accounts.paid, credit=accounts.payable, amount_cents=line.amount_cents,
        posting=PostingKind.PAYMENT_RECORDED, subject=tranche, actor=actor, now=now,
    )  # fmt: skip
    if tranche.withheld_cents:
        kept = _withheld(session, tranche.grant, now)
        transfer(
            session, debit=kept, credit=accounts.payable, amount_cents=tranche.withheld_cents,
            posting=PostingKind.TAX_WITHHELD, subject=tranche, actor=actor, now=now,
        )  # fmt: skip
    line.paid_on = tranche.paid_on = on
    tranche.make(RECORD_PAID, at=now)
    after = {"status": tranche.status, "paid_on": on, "cents": line.amount_cents, "payment": line.end_to_end_id}
    record(session, at=now, actor=actor, event=Action.PAYMENT_RECORD, subject=tranche, before=before, after=after)
    text = lazy_("Tranche %(number)s was paid.", number=tranche.number)
    tell_the_owners(session, tranche=tranche, text=in_both(text), now=now)


def book_failed(
    session: Session, *, line: PaymentLine, tranche: Tranche, failure: Failure, actor: Actor, now: datetime
) -> None:
    """A payment was refused, or came back: its money is payable again, the recipient learns why. Raises IllegalMove."""
    RECORD_FAILED.apply(tranche.status)
    before = {"status": tranche.status}
    if tranche.status is TrancheStatus.PAID:
        _undo(session, line, tranche, actor, now)
    line.failed_at, line.failure, line.reason_code, tranche.paid_on = now, failure.words, failure.code, None
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


def _withheld(session: Session, grant: Grant, now: datetime) -> Account:
    kind = AccountKind.WITHHELD
    name = f"{kind.value} {grant.reference}"
    return open_account(session, authority_id=grant.authority_id, kind=kind, owner_id=grant.id, name=name, now=now)
