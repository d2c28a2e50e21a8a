"""The first person writes the final account down; until it is approved it can be taken back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden
from portal.core.i18n import lazy_
from portal.core.text import clean_text
from portal.core.written import written
from portal.grants.models import Grant
from portal.payments.closing.figures import Figures, figures_of
from portal.payments.closing.matters import counted, open_matters
from portal.payments.closing.models import FinalAccount
from portal.payments.closing.operations.apart import grant_to_close
from portal.payments.closing.queries import account_for, live_account
from portal.payments.closing.refusals import AccountStands, ChangedSincePrepared, StillOpen
from portal.payments.closing.rules import LONGEST_NOTE, WITHDRAW, AccountStatus


def prepare_account(
    session: Session, *, grant_id: UUID, note: str, seen: str | None = None, actor: Actor, now: datetime
) -> FinalAccount:
    """Write down what a grant is entitled to and what it got; `seen` is what the page showed.

    Raises StillOpen, AccountStands, ChangedSincePrepared, OwnOrganisation; then nothing has changed.
    """
    grant = grant_to_close(session, grant_id=grant_id, actor=actor, action=Action.CLOSING_PREPARE)
    if actor.person_id is None:
        raise Forbidden
    if live_account(session, grant.id) is not None:
        raise AccountStands
    figures = settled_figures(session, grant=grant)
    if seen is not None and seen != figures.seen:
        raise ChangedSincePrepared
    account = _written(session, grant, figures, clean_text(note)[:LONGEST_NOTE].strip(), actor.person_id, now)
    session.add(account)
    session.flush()
    record(session, at=now, actor=actor, event=Action.CLOSING_PREPARE, subject=account, after=told(account=account))
    return account


def settled_figures(session: Session, *, grant: Grant) -> Figures:
    """The account as things stand, where nothing is open. Raises StillOpen."""
    figures = figures_of(session, grant)
    if matters := open_matters(grant, counted(session, grant.id), figures):
        raise StillOpen(matters)
    return figures


def told(*, account: FinalAccount) -> dict[str, object]:
    """What the trail keeps of it."""
    return {
        "status": account.status, "entitled_cents": account.entitled_cents, "to_pay_cents": account.to_pay_cents,
        "to_return_cents": account.to_return_cents, "freed_cents": account.freed_cents,
    }  # fmt: skip


def _written(
    session: Session, grant: Grant, figures: Figures, note: str, person_id: UUID, now: datetime
) -> FinalAccount:  # fmt: skip
    balance = figures.balance
    last = session.scalar(select(func.max(FinalAccount.number)).where(FinalAccount.grant_id == grant.id)) or 0
    return FinalAccount(
        authority_id=grant.authority_id, grant=grant, number=last + 1, basis=figures.basis,
        granted_cents=balance.granted, eligible_cents=balance.eligible, project_cents=figures.project_cents,
        entitled_cents=balance.entitled, paid_cents=balance.paid, returned_cents=balance.returned,
        withheld_cents=balance.withheld, to_pay_cents=balance.to_pay, to_return_cents=balance.to_return,
        freed_cents=balance.freed, note=note, prepared_by=person_id, prepared_at=now,
        status=AccountStatus.PREPARED, status_at=now,
    )  # fmt: skip


def withdraw_account(
    session: Session, *, account_id: UUID, reason: str, actor: Actor, now: datetime
) -> FinalAccount:  # fmt: skip
    """Take a prepared account back, to prepare it anew or to leave the grant open. Raises IllegalMove, Invalid."""
    account = account_for(session, account_id, actor, Action.CLOSING_PREPARE)
    why = written(reason, most=LONGEST_NOTE, field="reason", empty=lazy_("Write why it is taken back."))
    before = {"status": account.status}
    account.make(WITHDRAW, at=now)
    session.flush()
    record(session, at=now, actor=actor, event="closing.withdraw", subject=account, before=before,
           after={"status": account.status}, reason=why)  # fmt: skip
    return account
