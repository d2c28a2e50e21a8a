"""What the gates look at, read afresh: for one tranche or for many, always in the same number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import union_all
from sqlalchemy.orm import Session

from portal.access.queries.consortia import leads_of
from portal.calls.rules import GateName
from portal.grants.rules import local_day
from portal.payments.gates import Facts, Gate, interpret
from portal.payments.models import Tranche
from portal.payments.queries.accounts import (
    AccountStanding,
    account_for,
    account_standings,
    accounts_of_payees,
    payee_of,
)
from portal.payments.queries.money_facts import MoneyFacts, money_facts, parts_of_money
from portal.payments.queries.office_facts import OfficeFacts, parts_of_the_office
from portal.payments.queries.reckoning import (
    Reckoned,
    guarantee_for,
    reckoned,
    reports_of,
    spending_of,
    tax_debts_of,
)
from portal.payments.templates import asks_for, gates_declared

__all__ = ["AccountStanding", "Reckoned", "Standing", "account_standings", "gates_of", "standing_of"]


@dataclass(frozen=True, slots=True)
class Standing:
    """The gates of one tranche, the account it would be paid to, and what it comes to."""

    gates: list[Gate]
    account: AccountStanding
    money: Reckoned = field(default_factory=lambda: Reckoned(0, 0))

    @property
    def closed(self) -> list[Gate]:
        """What stands in the way."""
        return [gate for gate in self.gates if not gate.is_open]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read for several tranches, once."""

    office: OfficeFacts
    money: MoneyFacts


def standing_of(session: Session, tranches: Sequence[Tranche], now: datetime) -> dict[UUID, Standing]:
    """The gates the call declares for each tranche, its account and its amount, as they stand now."""
    leads = leads_of(session, (tranche.grant.organisation for tranche in tranches))
    payees = {tranche.id: payee_of(tranche, leads) for tranche in tranches}
    accounts = accounts_of_payees(session, set(payees.values()), now)
    seen = _seen(session, set(payees.values()), tranches, now)
    found = {}
    for tranche in tranches:
        payee, account = payees[tranche.id], account_for(tranche, accounts, leads, now)
        money = reckoned(tranche, payee, seen.money)
        facts = _facts(tranche, payee, account, money, seen, now)
        found[tranche.id] = Standing(interpret(_gates_of(tranche, account, facts), facts), account, money)
    return found


def gates_of(session: Session, tranche: Tranche, now: datetime) -> list[Gate]:
    """The gates of one tranche, as they stand now."""
    return standing_of(session, [tranche], now)[tranche.id].gates


def _seen(session: Session, payees: set[UUID], tranches: Sequence[Tranche], now: datetime) -> Seen:
    """One statement for all rows; costs and budgets apart, where a gate asks for them."""
    parts = [*parts_of_the_office(payees, tranches), *parts_of_money(payees, tranches, local_day(now))]
    rows = session.execute(union_all(*parts).order_by("order", "number")).all()
    return Seen(OfficeFacts.read(rows), money_facts(session, rows, tranches))


def _gates_of(tranche: Tranche, account: AccountStanding, facts: Facts) -> list[GateName]:
    """What the call declares; a change of account or an open irregularity also holds where it does not ask for them."""
    declared = gates_declared(tranche)
    held = {
        GateName.IBAN_VERIFIED: account.is_frozen,
        GateName.NO_IRREGULARITY: facts.open_irregularities > 0,
    }
    return [*declared, *(gate for gate, holds in held.items() if holds and gate not in declared)]


def _facts(
    tranche: Tranche, payee: UUID, account: AccountStanding, money: Reckoned, seen: Seen, now: datetime
) -> Facts:  # fmt: skip
    grant, office = tranche.grant, seen.office
    own = tranche.milestone.number if tranche.milestone else 0
    gross, guaranteed = money.gross_cents, asks_for(tranche, GateName.GUARANTEE_ACTIVE)
    return Facts(
        today=local_day(now),
        agreement_in_force=grant.agreement_in_force is not None,
        is_informal=grant.organisation.is_informal,
        cup=grant.cup,
        published_at=grant.published_at,
        verified_iban=account.account.iban if account.account else None,
        iban_waits=account.waits,
        account_rests_until=account.rests_until,
        durc_valid_until=office.durcs.get(payee),
        open_milestones=tuple(title for number, title in office.undone[tranche.grant_id] if number <= own),
        confirmed_minutes=office.minutes.get(grant.application_id, 0),
        minimum_minutes=grant.call.design.coaching.minimum_confirmed_minutes,
        aid_code=office.codes.get(grant.id),
        aid_waits=office.codes.get(grant.id, "") is None,
        guarantee=guarantee_for(tranche, gross, seen.money) if guaranteed else None,
        spending=spending_of(tranche, seen.money),
        reports=reports_of(tranche, gross, seen.money),
        tax=tax_debts_of(tranche, payee, gross, seen.money),
        open_irregularities=seen.money.irregularities.get(grant.id, 0),
        activity_known=payee in seen.money.undertakings,
    )
