"""What the check of tax debts asks of whoever proposes payments: an answer that is missing, or soon too old."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import String, and_, cast, func, select
from sqlalchemy.orm import aliased

from portal.access.models import ConsortiumPartner
from portal.access.policy import Role
from portal.access.rules import PartnerRole
from portal.applications.models import Application
from portal.calls.models import Call
from portal.calls.rules import GateName, PaymentRules
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.grants.models import Grant
from portal.grants.rules import end_of_day, local_day
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep
from portal.payments.models import Tranche
from portal.payments.queries.finance import visible
from portal.payments.rules import PAYABLE_GRANTS, TrancheStatus
from portal.payments.taxes.models import TaxDebtCheck
from portal.payments.taxes.rules import DebtAnswer, DebtOutcome

COMING = (TrancheStatus.VERIFIED, TrancheStatus.PROPOSED, TrancheStatus.APPROVED, TrancheStatus.FAILED)
SOON = timedelta(days=5)
"""How long before its end an answer is asked for again."""
FRESH = timedelta(days=7)
"""A younger answer is not looked at: it holds for weeks."""


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Payments on their way that are checked, whose payee has no answer of late: by the nearest term."""
    homes = actor.authorities_as(Role.FINANCE_MAKER)
    if not homes:
        return
    lead = and_(
        ConsortiumPartner.consortium_id == Grant.organisation_id, ConsortiumPartner.role == PartnerRole.LEAD,
        ConsortiumPartner.until.is_(None),
    )  # fmt: skip
    payee = func.coalesce(ConsortiumPartner.organisation_id, Grant.organisation_id)
    answer = aliased(TaxDebtCheck)
    newest = select(func.max(answer.checked_on)).where(
        answer.organisation_id == payee, answer.authority_id == Tranche.authority_id,
        answer.outcome == DebtOutcome.CLEAR,
    )  # fmt: skip
    checked_on = newest.correlate(Tranche, Grant, ConsortiumPartner).scalar_subquery()
    said = line(
        id=Tranche.grant_id, title=Call.definition["payments"], number=Tranche.amount_cents, day=checked_on,
        more=Application.title,
    )  # fmt: skip
    query = (
        select(*said)
        .select_from(Tranche)
        .join(Grant, Grant.id == Tranche.grant_id)
        .join(Call, Call.id == Grant.call_id)
        .join(Application, Application.id == Grant.application_id)
        .outerjoin(ConsortiumPartner, lead)
        .where(*visible(actor), Tranche.authority_id.in_(homes), Tranche.status.in_(COMING))
        .where(Grant.status.in_(PAYABLE_GRANTS), cast(Tranche.gates, String).contains(GateName.TAX_DEBTS_CHECKED.value))
        .where(func.coalesce(checked_on < local_day(now) - FRESH, True))
    )
    yield Ask(query, (Tranche.due_on, Tranche.id), partial(_ask, now=now))


def _ask(found: Any, *, now: datetime) -> DueStep | None:
    """Nothing where the payment is small, or the answer holds for a while yet."""
    said = found.title or {}
    above = Decimal(str(said.get("tax_check_above", PaymentRules.tax_check_above)))
    if found.number <= above * 100:
        return None
    days = int(said.get("tax_check_days", PaymentRules.tax_check_days))
    last = DebtAnswer(DebtOutcome.CLEAR, found.day).last_day(days) if found.day else None
    if last is not None and last > local_day(now) + SOON:
        return None
    return DueStep(
        what=_("Renew the check of tax debts") if last else _("Ask for the check of tax debts"),
        button=_("Write the answer"),
        path=f"/grants/{found.id}/taxes",
        by=end_of_day(last) if last else None,
        why=_("Without an answer that holds, the payment stops (art. 48-bis)."),
        place=found.more,
    )
