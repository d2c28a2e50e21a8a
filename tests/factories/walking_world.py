"""The world of a walk: a call that asks everything of its money, and a grant whose first tranche may be asked for."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.access.policy import Role
from portal.calls.rules import CallDesign, GateName
from tests.factories.base import bari_design, make_person, make_staff
from tests.factories.changes import make_changing
from tests.factories.gated import TAXED, answer, find_activity, guarantee
from tests.factories.payments import make_member
from tests.factories.walking import Given

ROLES = (Role.FINANCE_MAKER, Role.FINANCE_APPROVER, Role.COACH)


def make_given(session: Session, *, now: datetime) -> Given:
    """Everything in order: whatever is missing later, the walk took away."""
    session.expire_on_commit = False
    finance = make_changing(session, now=now, design=_asking_everything())
    world = finance.world
    both, member = (make_person(session, now=now, authority=world.authority, roles=ROLES) for _who in range(2))
    other = make_staff(session, world.authority, Role.FINANCE_MAKER, now=now)
    make_member(finance, member)
    finance.accept_milestones()
    finance.record_durc()
    finance.confirm_coaching()
    answer(finance)
    find_activity(finance, is_undertaking=True)
    people = {
        "owner": world.owner, "officer": world.officer, "maker": finance.maker, "checker": finance.checker,
        "other": other, "both": both, "member": member,
    }  # fmt: skip
    administrator = make_staff(session, world.authority, Role.ADMINISTRATOR, now=now)
    return Given(finance, guarantee(finance), people, administrator)


def _asking_everything() -> CallDesign:
    """The call of Bari, its advance guaranteed, every tranche free of tax debts and irregularities; tax is withheld."""
    design = bari_design()
    money = [GateName.TAX_DEBTS_CHECKED, GateName.NO_IRREGULARITY]
    first, *rest = [replace(each, gates=[*each.gates, *money]) for each in design.tranches]
    first = replace(first, gates=[*first.gates, GateName.GUARANTEE_ACTIVE], guarantee_months=3)
    payments = replace(TAXED, recovery_interest=Decimal("3.65"))
    return replace(design, tranches=[first, *rest], payments=payments)
