"""The account of the fund that a budget line is filled from, and gives back to: one for each fund of a call."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from portal.calls.models import Call
from portal.ledger.models import Account
from portal.ledger.operations import open_account
from portal.ledger.queries import account_of
from portal.ledger.rules import AccountKind


def fund_owner(*, call: Call, line_key: str) -> UUID:
    """To whom that account belongs: the fund of the call that the line names, else the call itself."""
    fund = fund_key(call=call, line_key=line_key)
    return uuid5(call.id, fund) if fund else call.id


def fund_key(*, call: Call, line_key: str) -> str | None:
    """The fund that a line names."""
    return next((line.fund for line in call.design.budget_lines if line.key == line_key), None)


def open_fund(session: Session, *, call: Call, line_key: str, now: datetime) -> Account:
    """The account, opened where there is none yet."""
    name = " ".join(part for part in (call.slug, fund_key(call=call, line_key=line_key)) if part)
    owner = fund_owner(call=call, line_key=line_key)
    return open_account(
        session, authority_id=call.authority_id, kind=AccountKind.FUND, owner_id=owner, name=name, now=now
    )


def fund_of(session: Session, *, call: Call, line_key: str) -> Account | None:
    """The account, or the one of the whole call, which calls published before there was one for each fund have."""
    own = account_of(session, AccountKind.FUND, fund_owner(call=call, line_key=line_key))
    return own or account_of(session, AccountKind.FUND, call.id)
