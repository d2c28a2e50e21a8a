"""Grants under way with a budget by category, and everything that may happen to them."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.operations import organisations
from portal.access.policy import Role
from portal.calls.rules.design import CallDesign, ChangeRules
from portal.grants.changes import operations
from portal.grants.changes.rules import Change, EndKind, Ground
from portal.grants.models import Amendment, EndAct, Proceeding
from tests.factories.base import bari_design, make_staff
from tests.factories.evaluation import make_submission
from tests.factories.grants import make_world
from tests.factories.payments import Finance, put_under_way

COSTS = {"cost_staff": 1_200_000, "cost_services": 600_000, "cost_equipment": 200_000}


def make_changing(
    session: Session,
    *,
    now: datetime,
    free_shift: str = "10",
    ready: bool = True,
    awarded_cents: int = 2_000_000,
    design: CallDesign | None = None,
) -> Finance:
    """A grant under way whose call leaves a share of its budget of € 20.000 free."""
    design = replace(design or bari_design(), changes=ChangeRules(free_shift=Decimal(free_shift), extension_months=6))
    world = make_world(session, now=now, awarded_cents=awarded_cents, design=design)
    make_submission(session, world.application, now=now - timedelta(days=10), changed={"sections": [costs_section()]})
    maker = make_staff(session, world.authority, Role.FINANCE_MAKER, now=now, name="Rita Sala")
    checker = make_staff(session, world.authority, Role.FINANCE_APPROVER, now=now, name="Ugo Lai")
    finance = Finance(world, put_under_way(world, world.application), maker, checker)
    organisations.know_organisation(
        session, organisation_id=world.association.id, authority_id=world.authority.id, now=now
    )
    if ready:
        finance.publish()
        finance.verify_account()
    return finance


def costs_section() -> dict[str, Any]:
    """The costs as they were sent."""
    answers = [
        {"key": key, "type": "money", "tag": "budget.cost", "label": {"it": key, "en": key}, "value": cents,
         "text": {"it": "", "en": ""}}
        for key, cents in COSTS.items()
    ]  # fmt: skip
    return {"key": "budget", "title": {"it": "Bilancio", "en": "Budget"}, "answers": answers}


def ask(finance: Finance, change: Change, by: Person | None = None) -> Amendment:
    """Ask for a change, as the recipient unless somebody else is named."""
    return operations.ask_amendment(
        finance.session, grant_id=finance.grant.id, change=change, reason="Serve al progetto.",
        **finance.by(by or finance.world.owner),
    )  # fmt: skip


def answer(
    finance: Finance, row: Amendment, how: str = "grant", by: Person | None = None, words: str = "", **given: Any
) -> Amendment:
    """Return, grant or refuse it."""
    operation: Any = getattr(operations, f"{how}_amendment")
    found: Amendment = operation(
        finance.session, grant_id=row.grant_id, amendment_id=row.id, words=words, **given,
        **finance.by(by or finance.world.officer),
    )  # fmt: skip
    return found


def open_end(
    finance: Finance, kind: EndKind, cents: int | None = None, ground: Ground = Ground.NOT_CARRIED_OUT
) -> Proceeding:
    """The office opens proceedings, or the recipient renounces."""
    session, grant_id = finance.session, finance.grant.id
    if kind is EndKind.RENUNCIATION:
        return operations.declare_renunciation(session, grant_id=grant_id, reason="Non si può proseguire.",
                                               **finance.by(finance.world.owner))  # fmt: skip
    return operations.open_proceeding(
        session, grant_id=grant_id, kind=kind, ground=ground, cents=cents, reason="Il progetto non è iniziato.",
        **finance.by(finance.world.officer),
    )  # fmt: skip


def reply(finance: Finance, words: str = "Siamo in ritardo di un mese.") -> Proceeding:
    """The recipient replies."""
    return operations.reply_to_proceeding(
        finance.session, grant_id=finance.grant.id, reply=words, **finance.by(finance.world.owner)
    )


def act(finance: Finance, to_return: int | None = 0, by: Person | None = None) -> EndAct:
    """The office takes the act."""
    typed = operations.ActTyped("DD 77/2026", finance.now.date(), "Viste le osservazioni.", to_return)
    return operations.end_grant(
        finance.session, grant_id=finance.grant.id, act=typed, **finance.by(by or finance.world.officer)
    )
