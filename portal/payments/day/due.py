"""What the books ask of whoever approves payments: a month that is over is closed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.access.models import Authority
from portal.access.policy import Role
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.core.instants import format_month
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.periods.models import AccountingPeriod
from portal.ledger.periods.rules import BookMonth
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """The first month of each authority that is over and open: since the last closed one, or the first entry."""
    homes = actor.authorities_as(Role.FINANCE_APPROVER)
    if not homes:
        return
    closed = select(func.max(AccountingPeriod.ends_at)).where(AccountingPeriod.authority_id == Authority.id)
    first = select(LedgerEntry.at).join(Account, Account.id == LedgerEntry.debit_id)
    first = first.where(Account.authority_id == Authority.id).order_by(LedgerEntry.at).limit(1)
    since = func.coalesce(
        closed.correlate(Authority).scalar_subquery(), first.correlate(Authority).scalar_subquery(),
        type_=LedgerEntry.at.type,
    )  # fmt: skip
    query = select(*line(id=Authority.id, name=Authority.name, at=since))
    over = query.where(Authority.id.in_(homes), since < BookMonth.of(now).begins_at)
    yield Ask(over, (Authority.name, Authority.id), _close)


def _close(found: Any) -> DueStep:
    return DueStep(
        what=_("Close the books of %(month)s", month=format_month(BookMonth.of(found.at).first_day)),
        button=_("Look at the month"),
        path=f"/finance/periods?office={found.id}",
        why=_("The month is over. Once it is closed nothing is booked in it any more."),
        place=found.name,
    )
