"""What a tranche comes to, and what its gates on money look at, from the facts that were read."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from portal.calls.rules import GateName
from portal.core.money import share
from portal.grants.rules import GrantStatus, months_after
from portal.payments.gates import Reports, Spending, TaxDebts
from portal.payments.guarantees.rules import Covering, covering
from portal.payments.models import Tranche
from portal.payments.queries.budgets import Budget
from portal.payments.queries.money_facts import MoneyFacts, Planned
from portal.payments.reimbursing import granted_part, reimbursement
from portal.payments.rules import ON_ITS_WAY, RELEASED
from portal.payments.taxes.rules import investment_share, withheld
from portal.payments.templates import is_reimbursed, reports_needed, template_of


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Gross, tax and net of a tranche as they come to now; those of a released one never change."""

    gross_cents: int
    withheld_cents: int

    @property
    def net_cents(self) -> int:
        """What the recipient would be paid."""
        return self.gross_cents - self.withheld_cents


def reckoned(tranche: Tranche, payee: UUID, facts: MoneyFacts) -> Reckoned:
    """The amount of this tranche, and the tax on it where its call withholds any; the final account fixes it."""
    if tranche.status in RELEASED:
        return Reckoned(tranche.amount_cents, tranche.withheld_cents)
    is_final = tranche.grant.status is GrantStatus.CLOSING
    gross = _due(tranche, facts) if is_reimbursed(tranche) and not is_final else tranche.amount_cents
    rules = tranche.grant.call.design.payments
    if not rules.withholding:
        return Reckoned(gross, 0)
    budget = facts.budgets.get(tranche.grant_id, Budget({}))
    tax = withheld(
        gross_cents=gross, rate=rules.withholding, is_undertaking=facts.undertakings.get(payee, False),
        investment=investment_share(budget.lines, rules.investment) if rules.investment else Decimal(0),
    )  # fmt: skip
    return Reckoned(gross, tax)


def guarantee_for(tranche: Tranche, gross_cents: int, facts: MoneyFacts) -> Covering | None:
    """How far the advances up to this one are covered; None while the end of the project is not known."""
    template, end = template_of(tranche), tranche.grant.ends_on
    if end is None or template is None:
        return None
    guaranteed = {t.key for t in tranche.grant.call.design.tranches if GateName.GUARANTEE_ACTIVE in t.gates}
    advances = sum(each.cents for each in _earlier(tranche, facts) if each.key in guaranteed)
    return covering(
        advance_cents=advances + gross_cents,
        interest=tranche.grant.call.design.payments.guarantee_interest,
        until=months_after(end, template.guarantee_months or 0),
        covers=facts.covers.get(tranche.grant_id, ()),
    )


def spending_of(tranche: Tranche, facts: MoneyFacts) -> Spending:
    """What is justified of the grant, against the share of the earlier tranches that the call asks for."""
    template = template_of(tranche)
    least = (template.minimum_spent if template else None) or Decimal(0)
    earlier = sum(each.cents for each in _earlier(tranche, facts))
    return Spending(_justified(tranche, facts), share(earlier, int(least * 100)))


def reports_of(tranche: Tranche, gross_cents: int, facts: MoneyFacts) -> Reports:
    """Approved reports against those needed; of a reimbursement, what it comes to."""
    due = gross_cents if is_reimbursed(tranche) else None
    return Reports(facts.reports.get(tranche.grant_id, 0), reports_needed(tranche), due)


def tax_debts_of(tranche: Tranche, payee: UUID, gross_cents: int, facts: MoneyFacts) -> TaxDebts:
    """The newest answer that this authority has about the payee, and what else it pays them beside this."""
    rules = tranche.grant.call.design.payments
    key = (str(tranche.authority_id), payee)
    own = tranche.amount_cents if tranche.status in ON_ITS_WAY else 0
    beside = max(facts.beside.get(key, 0) - own, 0)
    return TaxDebts(gross_cents, rules.tax_check_above_cents, facts.answers.get(key), rules.tax_check_days, beside)


def _due(tranche: Tranche, facts: MoneyFacts) -> int:
    earlier = _earlier(tranche, facts)
    return reimbursement(
        justified_cents=_justified(tranche, facts),
        planned_cents=sum(each.planned_cents for each in earlier) + tranche.planned_cents,
        released_cents=sum(each.cents for each in earlier if each.is_released),
    )


def _justified(tranche: Tranche, facts: MoneyFacts) -> int:
    grant = tranche.grant
    budget = facts.budgets.get(grant.id, Budget({}))
    spent = facts.spent.get(grant.id, 0)
    return granted_part(spent_cents=spent, granted_cents=grant.granted_cents, total_cents=budget.total_cents)


def _earlier(tranche: Tranche, facts: MoneyFacts) -> list[Planned]:
    return [each for each in facts.plans.get(tranche.grant_id, ()) if each.number < tranche.number]
