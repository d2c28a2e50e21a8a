"""The act: a second person approves the account, the plan follows, what is not used goes back to the call."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import NotFound
from portal.core.i18n import lazy_
from portal.core.jobs import enqueue
from portal.evaluation.terms import checked_act
from portal.grants.models import Grant
from portal.grants.operations.news import tell_team
from portal.grants.rules import BEGIN_CLOSING
from portal.ledger.operations import transfer
from portal.ledger.queries import account_of
from portal.ledger.rules import AccountKind, PostingKind
from portal.milestones.costs.models import CostReport
from portal.payments.closing.models import FinalAccount
from portal.payments.closing.operations.apart import grant_to_close
from portal.payments.closing.operations.following import follow
from portal.payments.closing.operations.preparing import settled_figures, told
from portal.payments.closing.operations.settling import settle_tranches
from portal.payments.closing.queries import account_for
from portal.payments.closing.refusals import ChangedSincePrepared
from portal.payments.closing.rules import APPROVE

LETTER_JOB = "closing.letter"


@dataclass(frozen=True, slots=True)
class ActTyped:
    """The act as it was typed; `version` of the account is the one that was shown."""

    number: str
    day: date | None
    version: int | None = None


def approve_account(
    session: Session, *, account_id: UUID, act: ActTyped, actor: Actor, now: datetime
) -> FinalAccount:  # fmt: skip
    """Approve a prepared account: what the grant does not need goes back to its budget line, and it begins to close.

    Where nothing is to be paid or returned it is closed at once. Raises TwoPeople, OwnOrganisation, StillOpen,
    ChangedSincePrepared, InvalidForm, IllegalMove; then nothing has changed.
    """
    made = session.execute(
        select(FinalAccount.grant_id, FinalAccount.prepared_by).where(FinalAccount.id == account_id)
    ).one_or_none()
    if made is None:
        raise NotFound
    grant = grant_to_close(
        session, grant_id=made.grant_id, actor=actor, action=Action.CLOSING_APPROVE, not_again=made.prepared_by
    )
    account = account_for(session, account_id, actor, Action.CLOSING_APPROVE)
    APPROVE.apply(account.status)
    number, day = checked_act(act.number, act.day, now)
    _hold_reports(session, grant)
    figures = settled_figures(session, grant=grant)
    if figures.balance != account.balance or act.version not in (None, account.version):
        raise ChangedSincePrepared
    before = {"status": account.status}
    account.act_number, account.act_date = number, day
    account.approved_by, account.approved_at = actor.person_id, now
    account.make(APPROVE, at=now)
    _begin(session, grant, actor, now)
    settle_tranches(session, grant=grant, account=account, open_ones=figures.tranches, actor=actor, now=now)
    _free(session, grant, account, actor, now)
    session.flush()
    record(session, at=now, actor=actor, event=Action.CLOSING_APPROVE, subject=account, before=before,
           after=told(account=account) | {"act": number, "date": day})  # fmt: skip
    enqueue(session, LETTER_JOB, now=now, account_id=account.id)
    message = lazy_("The final account of your grant %(reference)s was approved: read what follows.",
                    reference=grant.reference)  # fmt: skip
    path = f"/grants/{grant.id}/final-account"
    tell_team(session, organisation_id=grant.organisation_id, message=message, path=path, now=now)
    follow(session, grant=grant, now=now)
    return account


def _begin(session: Session, grant: Grant, actor: Actor, now: datetime) -> None:
    before = {"status": grant.status}
    grant.make(BEGIN_CLOSING, at=now)
    record(session, at=now, actor=actor, event="grant.begin_closing", subject=grant, before=before,
           after={"status": grant.status})  # fmt: skip


def _hold_reports(session: Session, grant: Grant) -> None:
    """A report that is being sent at the same time is seen, or comes too late."""
    session.execute(select(CostReport.id).where(CostReport.grant_id == grant.id).with_for_update()).all()


def _free(session: Session, grant: Grant, account: FinalAccount, actor: Actor, now: datetime) -> None:
    award = account_of(session, AccountKind.AWARD, grant.id)
    budget = account_of(session, AccountKind.BUDGET, grant.budget_line_id)
    if account.freed_cents and award is not None and budget is not None:
        transfer(
            session, debit=budget, credit=award, amount_cents=account.freed_cents,
            posting=PostingKind.BUDGET_RESTORED, subject=account, actor=actor, now=now,
        )  # fmt: skip
