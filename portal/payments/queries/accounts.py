"""The account each tranche would be paid to, and whether a change of it freezes the payment (P10)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import BankDetails, ConsortiumPartner
from portal.access.queries.consortia import leads_of
from portal.access.rules import ACCOUNT_RESTS_FOR, BankDetailsStatus
from portal.access.rules.bank import rests_until, waits
from portal.payments.models import Tranche


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """The account of an organisation: the verified one, a change that waits, the end of its cooling time."""

    account: BankDetails | None = None
    waits: bool = False
    rests_until: datetime | None = None

    @property
    def is_frozen(self) -> bool:
        """Whether a change of account stops every payment: it waits, or is in its cooling time (P10)."""
        return self.waits or self.rests_until is not None

    @property
    def payable(self) -> BankDetails | None:
        """The account to pay now, or none while anything freezes it (P10)."""
        return None if self.is_frozen else self.account


def account_standings(session: Session, tranches: Sequence[Tranche], now: datetime) -> dict[UUID, AccountStanding]:
    """The account of each tranche alone, by its key."""
    leads = leads_of(session, (tranche.grant.organisation for tranche in tranches))
    accounts = accounts_of_payees(session, {payee_of(tranche, leads) for tranche in tranches}, now)
    return {tranche.id: account_for(tranche, accounts, leads, now) for tranche in tranches}


def payee_of(tranche: Tranche, leads: Mapping[UUID, ConsortiumPartner]) -> UUID:
    """Who is paid: the lead of a consortium, else the recipient itself."""
    lead = leads.get(tranche.grant.organisation_id)
    return lead.organisation_id if lead else tranche.grant.organisation_id


def account_for(
    tranche: Tranche, accounts: Mapping[UUID, AccountStanding], leads: Mapping[UUID, ConsortiumPartner], now: datetime
) -> AccountStanding:
    """The account of the payee, and for how long it rests."""
    account = accounts.get(payee_of(tranche, leads), AccountStanding())
    return _rested(account, leads.get(tranche.grant.organisation_id), now)


def _rested(account: AccountStanding, lead: ConsortiumPartner | None, now: datetime) -> AccountStanding:
    """Another lead is another account: nothing is paid before the cooling time since it took over is past (P10)."""
    if lead is None or lead.took_over_at is None:
        return account
    ends = max(lead.took_over_at + ACCOUNT_RESTS_FOR, account.rests_until or now)
    return replace(account, rests_until=ends if ends > now else None)


def accounts_of_payees(session: Session, payees: Iterable[UUID], now: datetime) -> dict[UUID, AccountStanding]:
    """The account of each of these organisations, as it stands."""
    query = select(BankDetails).where(BankDetails.organisation_id.in_(payees))
    rows: dict[UUID, list[BankDetails]] = defaultdict(list)
    query = query.order_by(BankDetails.proposed_at, BankDetails.id).execution_options(populate_existing=True)
    for row in session.scalars(query):
        rows[row.organisation_id].append(row)
    return {organisation: _account(each, now) for organisation, each in rows.items()}


def _account(rows: list[BankDetails], now: datetime) -> AccountStanding:
    in_force = next((row for row in rows if row.status is BankDetailsStatus.VERIFIED), None)
    return AccountStanding(account=in_force, waits=waits(rows), rests_until=rests_until(rows, now))
