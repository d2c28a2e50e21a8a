"""Closing a month of the books. Never commits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.db import new_id
from portal.core.errors import Closed, Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation
from portal.ledger.periods.models import AccountingPeriod, PeriodBalance
from portal.ledger.periods.queries import (
    balances_at_the_end,
    books_to_close,
    closed_until,
    hold_books,
    last_closed,
    month_to_close,
    moved_within,
)
from portal.ledger.periods.rules import BookMonth, fingerprint


class MonthClosed(Closed):
    """Nothing is booked in a closed month: an error of it is mended by a reversal in the open one."""

    default = lazy_("The books of this month are closed: nothing is booked in it any more. Book it today.")


class NotTheNextMonth(Conflict):
    """Months are closed one after the other, each once."""

    default = lazy_("This month was closed meanwhile, or an earlier one is still open. Look at the page again.")


violation("ledger_entry_month_open", MonthClosed)
violation("uq_accounting_period_authority_id_year_month", NotTheNextMonth)
violation("accounting_period_next", NotTheNextMonth)


def books_are_open(session: Session, *, authority_id: UUID, at: datetime) -> None:
    """Hold the books open for this transaction; raises MonthClosed where the instant is in a closed month."""
    hold_books(session, authority_id)
    until = closed_until(session, authority_id)
    if until is not None and at < until:
        raise MonthClosed


def close_month(
    session: Session, *, authority_id: UUID, month: BookMonth, actor: Actor, now: datetime
) -> AccountingPeriod:
    """Close a month that is over, with the balances of all accounts at its end.

    Raises NotTheNextMonth, or Invalid for a month that is not over; nothing has changed then. It waits for whoever
    is booking, and whoever books afterwards finds the month closed.
    """
    authority = books_to_close(session, authority_id)
    authorise(actor, Action.PERIOD_CLOSE, authority)
    last = last_closed(session, authority.id)
    if month != month_to_close(session, authority.id, last.ends_at if last else None):
        raise NotTheNextMonth
    if month.ends_at > now:
        raise Invalid(lazy_("This month is not over yet."), "month")
    period = _sealed(session, last, authority.id, month, actor, now)
    after = {"month": month.first_day, "entries": period.entries, "cents": period.moved_cents, "sha256": period.sha256}
    record(session, at=now, actor=actor, event=Action.PERIOD_CLOSE, subject=period, after=after)
    return period


def _sealed(
    session: Session, last: AccountingPeriod | None, authority_id: UUID, month: BookMonth, actor: Actor, now: datetime
) -> AccountingPeriod:
    moved = moved_within(session, authority_id, last.ends_at if last else None, month.ends_at)
    rows = balances_at_the_end(session, last, moved)
    period = AccountingPeriod(
        authority_id=authority_id, year=month.year, month=month.month, ends_at=month.ends_at, closed_at=now,
        closed_by=actor.person_id, entries=moved.entries, moved_cents=moved.moved_cents,
        sha256=fingerprint(last.sha256 if last else "", rows),
    )  # fmt: skip
    session.add(period)
    session.flush()
    kept = [{"id": new_id(), "period_id": period.id, **row._asdict()} for row in rows]
    if kept:
        session.execute(insert(PeriodBalance), kept)
    return period
