"""What the office of data protection looks at: what will go when, what an erasure would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.access.models import (
    Authority,
    Organisation,
    OrganisationRegistration,
    Person,
    PrivacyRequest,
    RetentionWarning,
    RoleGrant,
)
from portal.access.policy import Action, Role
from portal.access.queries.accounts import what_holds
from portal.access.queries.own_data import identity_of
from portal.access.queries.reach import authorities_where
from portal.access.rules.own_data import RequestKind
from portal.core.actor import Actor
from portal.core.db import Base
from portal.core.i18n import _
from portal.core.privacy.erasing import what_stays
from portal.core.privacy.expiry import NOTICE, Expiring, expiring, outlook
from portal.core.privacy.purposes import CLOSED_ACCOUNTS_KEPT
from portal.core.privacy.treatment import BECAUSE
from portal.core.privacy.words import table_words


@dataclass(frozen=True, slots=True)
class Going:
    """The rows of one table: their term, how many end within thirty days, the last warning."""

    title: object
    term: object
    rows: int
    warned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What will be deleted: rows by table, accounts by the day of their erasure."""

    by: datetime
    tables: list[Going]
    accounts: Sequence[tuple[datetime, int]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What an erasure would meet: what must be handed over first, and what stays by law.

    Organisations that the authority does not know are counted, not named.
    """

    organisations: Sequence[Organisation]
    others: int
    has_roles: bool
    stays: list[tuple[object, object]]

    @property
    def is_held(self) -> bool:
        """Whether something must be handed over before."""
        return bool(self.organisations) or self.others > 0 or self.has_roles


def what_goes(session: Session, now: datetime) -> Ahead:
    """Rows that end within thirty days, table by table, and the accounts that were closed."""
    by = now + NOTICE
    rows = outlook(session, Base.metadata, by)
    newest = select(RetentionWarning.table_name, func.max(RetentionWarning.warned_at))
    found = session.execute(newest.group_by(RetentionWarning.table_name)).all()
    warned = {row[0]: row[1] for row in found}
    tables = [
        Going(each.holding.title, each.holding.kept, rows.get(each.table.name, 0), _warned(each, warned))
        for each in expiring(Base.metadata)
    ]
    return Ahead(by, tables, _closed_accounts(session))


def _warned(each: Expiring, warned: dict[str, datetime]) -> datetime | None:
    return warned.get(each.table.name) if each.is_warned_of else None


def _closed_accounts(session: Session) -> list[tuple[datetime, int]]:
    """The day from which closed accounts are erased, and how many; a past day says that something holds them."""
    kept = CLOSED_ACCOUNTS_KEPT.delta or timedelta(0)
    closed = select(Person.closed_at).where(Person.closed_at.is_not(None), Person.erased_at.is_(None))
    days: dict[datetime, int] = {}
    for at in session.scalars(closed.order_by(Person.closed_at)):
        day = (at + kept).replace(hour=0, minute=0, second=0, microsecond=0) if at else None
        if day is not None:
            days[day] = days.get(day, 0) + 1
    return list(days.items())


def controllers(session: Session, actor: Actor, now: datetime) -> str:
    """Who answers for the data: the actor's authorities with their office, address and data protection officers.

    A command tells of all of them.
    """
    officer = (
        select(RoleGrant.authority_id, Person.name)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.DATA_PROTECTION_OFFICER, RoleGrant.since <= now, Person.disabled_at.is_(None))
        .where(or_(RoleGrant.until.is_(None), RoleGrant.until > now))
        .order_by(Person.name)
    )
    names: dict[UUID, list[str]] = {}
    for authority_id, name in session.execute(officer):
        names.setdefault(authority_id, []).append(name)
    authorities = select(Authority).where(Authority.twin_of_id.is_(None)).order_by(Authority.name, Authority.id)
    if not actor.is_system:
        authorities = authorities.where(Authority.id.in_(authorities_where(actor, Action.PROCESSING_READ)))
    return "; ".join(_controller(each, names.get(each.id, [])) for each in session.scalars(authorities))


def _controller(authority: Authority, officers: list[str]) -> str:
    known = [authority.name, authority.office, authority.email, authority.pec]
    told = ", ".join(each for each in known if each)
    officer = _("data protection officer: %(names)s", names=", ".join(officers) or "–")
    return f"{told} ({officer})"


def what_an_erasure_does(session: Session, request: PrivacyRequest, now: datetime) -> Effect | None:
    """What to know before an erasure is granted; None for other requests and for answered ones."""
    if request.kind is not RequestKind.ERASURE or not request.is_open:
        return None
    holding = what_holds(session, request.person_id, now)
    known = select(OrganisationRegistration.organisation_id).where(
        OrganisationRegistration.authority_id == request.authority_id,
        OrganisationRegistration.organisation_id.in_([each.id for each in holding.organisations]),
    )
    named = set(session.scalars(known))
    stays = what_stays(session, Base.metadata, identity_of(session, request.person, former=True))
    return Effect(
        organisations=[each for each in holding.organisations if each.id in named],
        others=len([each for each in holding.organisations if each.id not in named]),
        has_roles=holding.has_roles,
        stays=[(BECAUSE[because], table_words(Base.metadata.tables[table])) for table, because in stays],
    )
