"""A published grant with the money it was awarded and paid, and its published ranking, through models alone."""

from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Organisation
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, CallBudgetLine
from portal.core.actor import SYSTEM
from portal.evaluation.models import Ranking
from portal.evaluation.rules import RankingStatus
from portal.grants.models import Grant
from portal.ledger.operations import open_account, transfer
from portal.ledger.rules import AccountKind, PostingKind
from tests.factories.base import make_application, make_organisation

number = count(1)


def make_ranking(session: Session, call: Call, *, now: datetime, published: bool = True) -> Ranking:
    """A ranking of the first phase; provisional when published."""
    n = next(number)
    ranking = Ranking(
        authority_id=call.authority_id, call_id=call.id, phase_id=call.phases[0].id, version=n,
        status=RankingStatus.PROVISIONAL if published else RankingStatus.DRAFTED, status_at=now, computed_at=now,
        input_document={}, input_sha256="0" * 64, output_document={}, output_sha256="0" * 64,
        act_number=f"2026/{n}", act_date=date(2026, 3, 1), provisional_at=now if published else None,
    )  # fmt: skip
    session.add(ranking)
    session.flush()
    return ranking


def make_funded(
    session: Session, call: Call, *, now: datetime, organisation: Organisation | None = None, published: bool = True,
    awarded_cents: int = 2_000_000, paid_cents: int = 0, **application: Any,
) -> Grant:  # fmt: skip
    """A grant of the call, awarded in the ledger; published, and paid in part, as asked."""
    organisation = organisation or make_organisation(session, now=now)
    applied = make_application(
        session,
        call,
        organisation,
        now=now,
        status=ApplicationStatus.FUNDED,
        requested_cents=awarded_cents,
        **application,
    )
    line = session.scalars(select(CallBudgetLine).where(CallBudgetLine.call_id == call.id)).first()
    assert line is not None
    ranking = make_ranking(session, call, now=now)
    grant = Grant(
        authority_id=call.authority_id, call_id=call.id, application_id=applied.id, organisation_id=organisation.id,
        budget_line_id=line.id, ranking_id=ranking.id, reference=applied.reference, status_at=now,
        awarded_cents=awarded_cents, awarded_at=now, act_number="2026/77", act_date=date(2026, 2, 20),
        published_at=now if published else None,
    )  # fmt: skip
    session.add(grant)
    session.flush()
    _money(session, grant, line, awarded_cents, paid_cents, now)
    return grant


def _money(session: Session, grant: Grant, line: CallBudgetLine, awarded: int, paid: int, now: datetime) -> None:
    def account(kind: AccountKind, owner: Any) -> Any:
        return open_account(
            session, authority_id=grant.authority_id, kind=kind, owner_id=owner.id, name=kind.value, now=now
        )

    award, budget = account(AccountKind.AWARD, grant), account(AccountKind.BUDGET, line)
    given: dict[str, Any] = {"subject": grant, "actor": SYSTEM, "now": now}
    transfer(session, debit=award, credit=budget, amount_cents=awarded, posting=PostingKind.AWARDED, **given)
    if paid:
        payable, bank = account(AccountKind.PAYABLE, grant), account(AccountKind.PAID, grant)
        transfer(session, debit=payable, credit=award, amount_cents=paid, posting=PostingKind.RELEASE_APPROVED, **given)
        transfer(session, debit=bank, credit=payable, amount_cents=paid, posting=PostingKind.PAYMENT_RECORDED, **given)
