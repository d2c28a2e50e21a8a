"""Reading accounts: links that were sent, and what keeps an account from being closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.access.models import AccountLink, LinkRequest, Organisation, Person, RoleGrant, TieRow
from portal.access.policy import Tie
from portal.access.queries.people import email_hash, organisations_of, token_hash
from portal.access.rules import LINK_WINDOW, LinkPurpose, OrganisationKind
from portal.core.actor import Actor
from portal.core.errors import Conflict, Forbidden, NotFound
from portal.core.i18n import lazy_


class NoSuchLink(NotFound):
    """Nobody was ever sent this link, or it is for something else."""

    default = lazy_("This link does not exist. Copy the whole of it from the message, or ask for a new one.")


class LinkOver(Conflict):
    """The link was used, its time is over, or a later step made it void."""

    default = lazy_("This link was used already, or its time is over. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What people see of their own account."""

    person: Person
    organisations: Sequence[Organisation]


@dataclass(frozen=True, slots=True)
class WhatHolds:
    """What keeps an account from being closed: organisations that nobody else represents, staff roles."""

    organisations: Sequence[Organisation]
    has_roles: bool

    @property
    def anything(self) -> bool:
        """Whether the account must stay open for now."""
        return self.has_roles or bool(self.organisations)


def own_account(session: Session, actor: Actor) -> AccountPage:
    """The account of whoever asks, with their organisations by name."""
    return AccountPage(own_person(session, actor), organisations_of(session, actor))


def own_person(session: Session, actor: Actor) -> Person:
    """The person behind the actor, or Forbidden for a visitor."""
    if actor.person_id is None:
        raise Forbidden
    return session.get_one(Person, actor.person_id)


def open_link(session: Session, token: str, purpose: LinkPurpose, now: datetime) -> AccountLink:
    """The link of this token; NoSuchLink, or LinkOver when it opens nothing any more."""
    query = select(AccountLink).where(AccountLink.token_hash == token_hash(token), AccountLink.purpose == purpose)
    link = session.scalars(query).one_or_none()
    if link is None:
        raise NoSuchLink
    if link.used_at is not None or link.expires_at <= now:
        raise LinkOver
    return link


def links_asked(session: Session, purpose: LinkPurpose, email: str, now: datetime) -> int:
    """How often an address was named for this purpose within the window, whether or not an account has it."""
    query = select(func.count(LinkRequest.id)).where(
        LinkRequest.email_hash == email_hash(email),
        LinkRequest.purpose == purpose,
        LinkRequest.asked_at > now - LINK_WINDOW,
    )
    return int(session.scalar(query) or 0)


def links_asked_before(session: Session, request: LinkRequest) -> int:
    """How many requests alike came before this one within the window: those that came at once count too."""
    query = select(func.count(LinkRequest.id)).where(
        LinkRequest.email_hash == request.email_hash,
        LinkRequest.purpose == request.purpose,
        LinkRequest.asked_at > request.asked_at - LINK_WINDOW,
        LinkRequest.id < request.id,
    )
    return int(session.scalar(query) or 0)


def what_holds(session: Session, person_id: UUID, now: datetime) -> WhatHolds:
    """What keeps this person's account from being closed, by name."""
    roles = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id, or_(RoleGrant.until.is_(None), RoleGrant.until > now)
    )
    has_roles = session.scalars(roles.limit(1)).first() is not None
    return WhatHolds(organisations_only_theirs(session, person_id, now), has_roles)


def organisations_only_theirs(session: Session, person_id: UUID, now: datetime) -> Sequence[Organisation]:
    """The organisations that nobody with an open account represents but this person, by name.

    Not their consortia: these have the owners of the organisation that leads.
    """
    other = aliased(TieRow)
    another_owner = (
        select(other.id)
        .join(Person, Person.id == other.person_id)
        .where(other.object_id == TieRow.object_id, other.person_id != person_id, other.tie == Tie.OWNER)
        .where(or_(other.until.is_(None), other.until > now), Person.disabled_at.is_(None))
    )
    query = (
        select(Organisation)
        .join(TieRow, TieRow.object_id == Organisation.id)
        .where(TieRow.person_id == person_id, TieRow.tie == Tie.OWNER, Organisation.kind != OrganisationKind.CONSORTIUM)
        .where(or_(TieRow.until.is_(None), TieRow.until > now), ~another_owner.exists())
        .order_by(Organisation.name, Organisation.id)
    )
    return session.scalars(query).unique().all()
