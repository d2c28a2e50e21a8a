"""A grant whose call asks everything of its money, and each of those things brought about or taken away."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Role
from portal.calls.rules import GateName, PaymentRules, TrancheBasis, TrancheTemplate
from portal.grants.aid.operations import decide_activity
from portal.grants.models import PlanVersion
from portal.grants.rules import local_day
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.rules import CostReportStatus
from portal.payments.guarantees import operations as guarantees
from portal.payments.guarantees.models import Guarantee
from portal.payments.guarantees.rules import GuaranteeStatus, GuarantorKind
from portal.payments.irregularities.models import Irregularity
from portal.payments.irregularities.rules import IrregularityKind, IrregularityOutcome
from portal.payments.limits.models import ReleaseLimit
from portal.payments.limits.operations import set_limit
from portal.payments.taxes.operations import AnswerTyped, record_tax_check
from portal.payments.taxes.rules import DebtOutcome
from tests.factories.base import bari_design, make_staff
from tests.factories.grants import a_pdf
from tests.factories.payments import Finance, make_finance

G = GateName
BASE = [G.AGREEMENT_SIGNED, G.CUP, G.PUBLISHED, G.IBAN_VERIFIED]
MONEY = [G.GUARANTEE_ACTIVE, G.TAX_DEBTS_CHECKED, G.NO_IRREGULARITY]
RULES = PaymentRules(guarantee_interest=Decimal(5))
TAXED = replace(RULES, withholding=Decimal(4))


def template(key: str, share: int, *gates: GateName, **given: Any) -> TrancheTemplate:
    """A tranche of a call, with the plainest gates and these."""
    return TrancheTemplate(key, {"it": key, "en": key}, [*BASE, *gates], share=Decimal(share), **given)


ADVANCE = template("advance", 40, *MONEY, guarantee_months=3)
INTERIM = template("interim", 40, G.SPENDING_JUSTIFIED, G.REPORT_APPROVED, minimum_spent=Decimal(80))
BALANCE = template("balance", 20, G.REPORT_APPROVED, G.NO_IRREGULARITY)
REPAID = tuple(
    template(key, share, G.REPORT_APPROVED, basis=TrancheBasis.REIMBURSEMENT)
    for key, share in (("first", 40), ("second", 40), ("last", 20))
)


def make_gated(
    session: Session, *, now: Any, tranches: Any = (ADVANCE, INTERIM, BALANCE), rules: PaymentRules = RULES
) -> Finance:
    """A grant under way, nothing but the account, the code and the publication brought about."""
    design = replace(bari_design(), tranches=list(tranches), payments=rules)
    return make_finance(session, now=now, design=design)


def record(finance: Finance, *, cents: int = 840_000, until: date | None = None, **given: Any) -> Guarantee:
    """The recipient records a guarantee: of 8 000 euro and 5 per cent, until well after the end, unless told else."""
    end = finance.grant.ends_on
    assert end is not None
    typed: dict[str, Any] = {
        "kind": GuarantorKind.BANK, "issuer": "Banca di Bari", "number": f"F-{given.pop('number', 1)}",
        "amount_cents": cents, "valid_until": until or end + timedelta(days=95), "renews": False,
        "first_demand": True, "waives_excussion": True, "waives_term": True, "file": a_pdf("fideiussione.pdf"),
    }  # fmt: skip
    return guarantees.record_guarantee(
        finance.session, grant_id=finance.grant.id, typed=guarantees.GuaranteeTyped(**(typed | given)),
        **finance.by(finance.world.owner),
    )  # fmt: skip


def guarantee(finance: Finance, **given: Any) -> Guarantee:
    """The same, verified by finance."""
    found = record(finance, **given)
    return guarantees.verify_guarantee(finance.session, guarantee_id=found.id, **finance.by(finance.maker))


def another(finance: Finance, first: Guarantee, number: int, until: date | None = None) -> Guarantee:
    """One more of the same, in force (until then), without walking its steps."""
    same = ("authority_id", "grant_id", "kind", "issuer", "amount_cents", "renews", "first_demand", "waives_excussion",
            "waives_term", "file_id", "recorded_by", "recorded_at", "verified_by", "verified_at")  # fmt: skip
    found = Guarantee(
        **{name: getattr(first, name) for name in same}, number=f"F-{number}", status=GuaranteeStatus.VERIFIED,
        status_at=finance.now, valid_until=until or first.valid_until,
    )  # fmt: skip
    finance.session.add(found)
    finance.session.flush()
    return found


def give_back(finance: Finance, found: Guarantee) -> Guarantee:
    """Finance gives a guarantee back by an act."""
    return guarantees.release_guarantee(
        finance.session, guarantee_id=found.id, act="DD 9/2026", released_on=local_day(finance.now),
        **finance.by(finance.checker),
    )  # fmt: skip


def answer(finance: Finance, outcome: DebtOutcome = DebtOutcome.CLEAR, *, on: date | None = None) -> None:
    """Finance records what the collecting agent answered."""
    typed = AnswerTyped(outcome, on or local_day(finance.now), "AER 1", 100 if outcome is DebtOutcome.DEBTS else 0)
    record_tax_check(finance.session, grant_id=finance.grant.id, typed=typed, **finance.by(finance.maker))


def open_irregularity(finance: Finance, cents: int = 0, **given: Any) -> Irregularity:
    """Something was found wrong: the row alone."""
    found = Irregularity(
        authority_id=finance.grant.authority_id, grant_id=finance.grant.id, kind=IrregularityKind.COSTS,
        found_on=local_day(finance.now), cents=cents, description="Una fattura non torna.",
        opened_by=finance.world.officer.id, opened_at=finance.now, **given,
    )  # fmt: skip
    finance.session.add(found)
    finance.session.flush()
    return found


def close_irregularity(finance: Finance, found: Irregularity) -> None:
    """It was nothing."""
    found.closed_by, found.closed_at = finance.checker.id, finance.now
    found.outcome, found.closed_words = IrregularityOutcome.UNFOUNDED, "Era giusta."
    finance.session.flush()


def approve_costs(finance: Finance, cents: int) -> None:
    """One more cost report, approved for so much."""
    session, grant = finance.session, finance.grant
    number = session.scalar(select(func.count(CostReport.id)).where(CostReport.grant_id == grant.id)) or 0
    day = local_day(finance.now)
    session.add(
        CostReport(
            authority_id=grant.authority_id, grant_id=grant.id, number=number + 1, status=CostReportStatus.APPROVED,
            status_at=finance.now, from_on=day, until_on=day, claimed_cents=cents, accepted_cents=cents,
            submitted_by=finance.world.owner.id, submitted_at=finance.now, decided_by=finance.world.officer.id,
            decided_at=finance.now, version=1,
        )
    )  # fmt: skip
    session.flush()


def find_activity(finance: Finance, *, is_undertaking: bool) -> None:
    """The office decides whether the recipient carries on an economic activity."""
    decide_activity(
        finance.session, organisation_id=finance.grant.organisation_id, is_undertaking=is_undertaking,
        reason="Visura", **finance.by(finance.world.officer),
    )  # fmt: skip


def agree_budget(finance: Finance, **lines: int) -> None:
    """A newer plan of the grant, with these costs."""
    session, grant = finance.session, finance.grant
    query = select(PlanVersion).where(PlanVersion.grant_id == grant.id).order_by(PlanVersion.number.desc())
    before = session.scalars(query).first()
    assert before is not None
    budget = [{"key": key, "name": {"it": key, "en": key}, "cents": cents} for key, cents in lines.items()]
    session.add(
        PlanVersion(
            grant_id=grant.id, number=before.number + 1, in_force_from=before.in_force_from,
            content=before.content | {"budget": budget}, change={}, made_by=None,
        )
    )  # fmt: skip
    session.flush()


def limit(finance: Finance, cents: int | None, person: Person | None = None) -> ReleaseLimit:
    """An administrator limits what is released in a day."""
    admin = make_staff(finance.session, finance.world.authority, Role.ADMINISTRATOR, now=finance.now)
    return set_limit(
        finance.session, authority=finance.world.authority, person_id=person.id if person else None, cents=cents,
        **finance.by(admin),
    )  # fmt: skip
