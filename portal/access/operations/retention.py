"""Letting go of what is over: warned of thirty days before, then deleted; accounts closed or unused, then erased.

Run once a day. Nothing whose term is longer than the warning goes without one; shorter terms are told in the register.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.access.models import Person, RetentionWarning, RoleGrant, TieRow, WebSession
from portal.access.operations.erasing import erase_later, shut
from portal.access.policy import Tie
from portal.access.rules.own_data import AccountUnused, DataWillGo
from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.core.db import Base
from portal.core.events import announce
from portal.core.mail import NOWHERE
from portal.core.privacy.expiry import NOTICE, Expiring, expiring, let_go
from portal.core.privacy.purposes import CLOSED_ACCOUNTS_KEPT, DORMANT_AFTER

WARNED_EVERY = timedelta(days=7)
"""A warning covers what ends in the week after its thirty days."""
MOST_ACCOUNTS = 200
"""So many accounts a run: the next day goes on."""


def apply_retention(session: Session, *, now: datetime) -> dict[str, int]:
    """Warn of what will be over, delete what was warned of and is over; rows deleted by table."""
    gone: dict[str, int] = {}
    warned: list[tuple[str, int]] = []
    for each in expiring(Base.metadata):
        rows = _let_go(session, each, now)
        if rows:
            gone[each.table.name] = rows
        ahead = _warn(session, each, now) if each.is_warned_of else 0
        if ahead:
            warned.append((each.table.name, ahead))
    if warned:
        announce(session, DataWillGo(at=now, by=now + NOTICE, rows=tuple(warned)))
    erase_closed_accounts(session, now=now)
    close_unused_accounts(session, now=now)
    return gone


def _let_go(session: Session, each: Expiring, now: datetime) -> int:
    if not each.is_warned_of:
        return let_go(session, each, now)
    warning = _last_warning(session, each.table.name, made_by=now - NOTICE)
    if warning is None:
        return 0
    rows = let_go(session, each, min(now, warning.covers_until))
    if rows:
        after = {"table": each.table.name, "rows": rows}
        record(session, at=now, actor=SYSTEM, event="retention.deleted", subject=warning, after=after)
    return rows


def _warn(session: Session, each: Expiring, now: datetime) -> int:
    """Warn of what ends before the next warning could be made in time; how many rows that is."""
    last = _last_warning(session, each.table.name, made_by=now)
    if last is not None and last.covers_until > now + NOTICE:
        return 0
    until = now + NOTICE + WARNED_EVERY
    new = each.over(until) if last is None else each.over(until) & ~each.over(last.covers_until)
    rows = session.scalar(select(func.count()).select_from(each.table).where(new)) or 0
    if rows:
        session.add(RetentionWarning(table_name=each.table.name, warned_at=now, covers_until=until, rows=rows))
        session.flush()
    return rows


def _last_warning(session: Session, table_name: str, *, made_by: datetime) -> RetentionWarning | None:
    query = select(RetentionWarning).where(
        RetentionWarning.table_name == table_name,
        RetentionWarning.person_id.is_(None),
        RetentionWarning.warned_at <= made_by,
    )
    return session.scalars(query.order_by(RetentionWarning.covers_until.desc())).first()


def erase_closed_accounts(session: Session, *, now: datetime) -> int:
    """Have the worker erase who closed the account thirty days ago: their message of then was the warning."""
    kept = CLOSED_ACCOUNTS_KEPT.delta or timedelta(0)
    over = select(Person.id).where(Person.closed_at <= now - kept, Person.erased_at.is_(None))
    found = session.scalars(over.order_by(Person.closed_at, Person.id).limit(MOST_ACCOUNTS)).all()
    for person_id in found:
        erase_later(session, person_id=person_id, run_at=now, now=now)
    return len(found)


def close_unused_accounts(session: Session, *, now: datetime) -> int:
    """Warn whoever has not signed in for long and belongs to nothing; thirty days later close and erase the account."""
    warned = select(RetentionWarning.id).where(
        RetentionWarning.person_id == Person.id, RetentionWarning.covers_until >= now - NOTICE
    )
    over = warned.where(RetentionWarning.covers_until <= now)
    closing = list(_unused(session, now, over.exists()))
    for person in closing:
        shut(session, person=person, actor=SYSTEM, now=now)
        erase_later(session, person_id=person.id, run_at=now, now=now)
    for person in _unused(session, now, ~warned.exists()):
        _warn_person(session, person.id, now)
    return len(closing)


def _warn_person(session: Session, person_id: UUID, now: datetime) -> None:
    session.add(
        RetentionWarning(
            table_name=Person.__tablename__, person_id=person_id, warned_at=now, covers_until=now + NOTICE, rows=1
        )
    )
    announce(session, AccountUnused(person_id=person_id, at=now, by=now + NOTICE))


def _unused(session: Session, now: datetime, among: ColumnElement[bool]) -> Sequence[Person]:
    """Open accounts without a tie or role in force and without a sign-in for as long as sign-ins are remembered.

    Not those of people who were invented: a rehearsal stays whole.
    """
    since = now - (DORMANT_AFTER.delta or timedelta(0))
    seen = select(WebSession.id).where(WebSession.person_id == Person.id, WebSession.seen_at > since)
    tied = select(TieRow.id).where(
        TieRow.person_id == Person.id, TieRow.tie != Tie.CONFLICTED, or_(TieRow.until.is_(None), TieRow.until > now)
    )
    role = select(RoleGrant.id).where(
        RoleGrant.person_id == Person.id, or_(RoleGrant.until.is_(None), RoleGrant.until > now)
    )
    query = select(Person).where(
        Person.created_at <= since, Person.closed_at.is_(None), Person.erased_at.is_(None),
        Person.email.not_like(f"%{NOWHERE}"), ~seen.exists(), ~tied.exists(), ~role.exists(), among,
    )  # fmt: skip
    return session.scalars(query.order_by(Person.created_at, Person.id).limit(MOST_ACCOUNTS)).all()
