"""Recording what the collecting agent answered about a payee (art. 48-bis)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.written import written
from portal.grants.apart import stand_apart
from portal.grants.queries import grant_to_change
from portal.grants.rules import local_day
from portal.payments.taxes.models import TaxDebtCheck
from portal.payments.taxes.queries import payee_of_grant
from portal.payments.taxes.rules import LONGEST_REFERENCE, DebtOutcome


@dataclass(frozen=True, slots=True)
class AnswerTyped:
    """What was answered, as somebody of finance writes it down."""

    outcome: DebtOutcome
    checked_on: date
    reference: str
    debt_cents: int = 0


def record_tax_check(
    session: Session, *, grant_id: UUID, typed: AnswerTyped, actor: Actor, now: datetime
) -> TaxDebtCheck:
    """Write down an answer about whoever this grant is paid to; the newest day counts. Raises Invalid."""
    grant = grant_to_change(session, actor, Action.TAX_CHECK_RECORD, grant_id)
    stand_apart(actor=actor, organisation_id=grant.organisation_id)
    if actor.person_id is None:
        raise Forbidden
    if typed.checked_on > local_day(now):
        raise Invalid(lazy_("The day of the check is in the future: write the day of the answer."), "checked_on")
    if typed.outcome is DebtOutcome.DEBTS and typed.debt_cents <= 0:
        raise Invalid(lazy_("Write how much is owed, as the answer says."), "debt")
    payee = payee_of_grant(session, grant)
    stand_apart(actor=actor, organisation_id=payee.id)
    check = TaxDebtCheck(
        authority_id=grant.authority_id, organisation_id=payee.id, outcome=typed.outcome,
        debt_cents=typed.debt_cents if typed.outcome is DebtOutcome.DEBTS else 0,
        reference=written(clean_line(typed.reference), most=LONGEST_REFERENCE, field="reference",
                          empty=lazy_("Write the number of the answer.")),
        checked_on=typed.checked_on, recorded_by=actor.person_id, recorded_at=now,
    )  # fmt: skip
    session.add(check)
    session.flush()
    after = {"outcome": check.outcome, "checked_on": check.checked_on, "reference": check.reference,
             "debt_cents": check.debt_cents}  # fmt: skip
    record(session, at=now, actor=actor, event=Action.TAX_CHECK_RECORD, subject=grant, after=after)
    return check
