"""The three accounts of a grant: what is awarded, what is payable, what is paid."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.grants.models import Grant
from portal.ledger.models import Account
from portal.ledger.operations import open_account
from portal.ledger.rules import AccountKind


@dataclass(frozen=True, slots=True)
class GrantAccounts:
    """Where the money of one grant stands."""

    award: Account
    payable: Account
    paid: Account


def name_of(*, kind: AccountKind, grant: Grant) -> str:
    """What an account of a grant is called."""
    return f"{kind.value} {grant.reference}"


def grant_accounts(session: Session, *, grant: Grant, now: datetime) -> GrantAccounts:
    """The accounts of a grant, opened where they are missing."""

    def account(kind: AccountKind) -> Account:
        name = name_of(kind=kind, grant=grant)
        return open_account(session, authority_id=grant.authority_id, kind=kind, owner_id=grant.id, name=name, now=now)

    return GrantAccounts(account(AccountKind.AWARD), account(AccountKind.PAYABLE), account(AccountKind.PAID))
