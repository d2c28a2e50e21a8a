"""A grant whose advance is paid and whose costs are approved, and each step of its final account."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.calls.rules import GateName
from portal.documents.models import StoredFile
from portal.grants.rules import local_day
from portal.payments.closing import operations
from portal.payments.closing.models import FinalAccount, FinalAccountLetter
from portal.payments.closing.rules import AccountStatus, Basis
from portal.payments.models import Tranche
from portal.register.operations import register_document
from portal.register.rules import Direction
from tests.factories.gated import agree_budget, approve_costs, make_gated, template
from tests.factories.payments import Finance

HALVES = (template("advance", 50), template("balance", 50, GateName.REPORT_APPROVED))
"""10 000 euro at once, 10 000 once costs are approved; the project costs 25 000: four fifths are public."""


def make_costed(session: Session, *, now: datetime, spent: int | None = None, **given: Any) -> Finance:
    """The advance is paid; of a project of 25 000 euro so much is approved."""
    finance = make_gated(session, now=now, **({"tranches": HALVES} | given))
    agree_budget(finance, cost_staff=2_500_000)
    pay(finance, finance.first)
    if spent is not None:
        approve_costs(finance, spent)
    return finance


def make_reimbursed(session: Session, now: datetime, tranches: Any) -> Finance:
    """Of a project of 25 000 euro 5 000 are approved, and what the first tranche can claim of them is paid."""
    finance = make_gated(session, now=now, tranches=tranches)
    agree_budget(finance, cost_staff=2_500_000)
    approve_costs(finance, 500_000)
    pay(finance, finance.first)
    return finance


def pay(finance: Finance, tranche: Tranche) -> None:
    """All the way from the request to the bank."""
    finance.order(finance.release(tranche))
    finance.pay(tranche)


def prepare(finance: Finance, by: Person | None = None, **given: Any) -> FinalAccount:
    """The officer writes the final account down."""
    return operations.prepare_account(
        finance.session, grant_id=finance.grant.id, **({"note": "Tutto regolare."} | given),
        **finance.by(by or finance.world.officer),
    )  # fmt: skip


def approve(finance: Finance, account: FinalAccount, by: Person | None = None, **given: Any) -> FinalAccount:
    """A second person approves it."""
    act = replace(operations.ActTyped("DD 90/2026", local_day(finance.now)), **given)
    return operations.approve_account(
        finance.session, account_id=account.id, act=act, **finance.by(by or finance.checker)
    )


def close(finance: Finance) -> FinalAccount:
    """Prepared by the officer, approved by finance."""
    return approve(finance, prepare(finance))


def account_written(finance: Finance, now: datetime) -> FinalAccount:
    """A row alone: an account that the officer prepared, by which nothing is to be paid or returned."""
    grant = finance.grant
    cents = grant.granted_cents
    account = FinalAccount(
        authority_id=grant.authority_id, grant_id=grant.id, number=1, basis=Basis.RESULTS, granted_cents=cents,
        eligible_cents=cents, project_cents=0, entitled_cents=cents, paid_cents=cents, returned_cents=0,
        withheld_cents=0, to_pay_cents=0, to_return_cents=0, freed_cents=0, note="", status=AccountStatus.PREPARED,
        prepared_by=finance.world.officer.id, prepared_at=now, status_at=now,
    )  # fmt: skip
    finance.session.add(account)
    finance.session.flush()
    return account


def approved_account(finance: Finance, file: StoredFile, now: datetime) -> FinalAccount:
    """Rows alone, without entries: the same, approved, with its letter."""
    session, account = finance.session, account_written(finance, now)
    entry = register_document(
        session, authority_id=account.authority_id, direction=Direction.OUTGOING, subject="Rendiconto finale",
        counterpart="Il Ponte", sha256=file.sha256, actor=finance.actor(finance.world.officer), now=now,
    )  # fmt: skip
    account.status, account.act_number, account.act_date = AccountStatus.APPROVED, "1", local_day(now)
    account.approved_by, account.approved_at = finance.checker.id, now
    session.flush()
    session.add(FinalAccountLetter(account_id=account.id, file_id=file.id, protocol_entry_id=entry.id, made_at=now))
    session.flush()
    return account
