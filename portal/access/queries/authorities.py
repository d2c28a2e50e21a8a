"""Reading authorities: their settings for their staff, their look and their privacy notice for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Authority, IdentityProvider, Person
from portal.access.policy import Action, allowed, authorise
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.text import is_storable
from portal.documents.models import StoredFile
from portal.documents.queries import stored_file


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """An identity provider with who wrote it and who enabled it."""

    provider: IdentityProvider
    edited_by: Person | None
    enabled_by: Person | None


@dataclass(frozen=True, slots=True)
class AuthorityPage:
    """What the page of an authority shows to its staff."""

    authority: Authority
    providers: Sequence[ProviderLine]


def public_authority(session: Session, code: str) -> Authority:
    """The authority with this code, or NotFound."""
    query = select(Authority).where(Authority.code == code)
    found = session.scalars(query).one_or_none() if is_storable(code) else None
    if found is None:
        raise NotFound
    return found


def authorities_by_name(session: Session) -> Sequence[Authority]:
    """Every authority of this portal, by name; not the twins where calls are rehearsed."""
    query = select(Authority).where(Authority.twin_of_id.is_(None))
    return session.scalars(query.order_by(Authority.name, Authority.id)).all()


def authorities_of(session: Session, actor: Actor) -> Sequence[Authority]:
    """The authorities whose settings the actor may read, by name."""
    return [each for each in authorities_by_name(session) if allowed(actor, Action.AUTHORITY_READ, each)]


def authority_seen(session: Session, code: str, actor: Actor, action: Action = Action.AUTHORITY_READ) -> Authority:
    """The authority with this code, for this action: NotFound, or Forbidden."""
    found = public_authority(session, code)
    authorise(actor, action, found)
    return found


def authority_page(session: Session, code: str, actor: Actor) -> AuthorityPage:
    """An authority with its identity providers by name."""
    authority = authority_seen(session, code, actor)
    query = select(IdentityProvider).where(IdentityProvider.authority_id == authority.id)
    providers = session.scalars(query.order_by(IdentityProvider.name, IdentityProvider.key)).all()
    hands = {hand for row in providers for hand in (row.edited_by, row.enabled_by) if hand}
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(hands)))}
    return AuthorityPage(
        authority,
        [
            ProviderLine(row, people.get(row.edited_by or row.id), people.get(row.enabled_by or row.id))
            for row in providers
        ],
    )


def authority_for_update(session: Session, code: str, actor: Actor, action: Action) -> Authority:
    """The authority for a change, locked and read anew."""
    authority_seen(session, code, actor, action)
    query = select(Authority).where(Authority.code == code).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def provider_seen(
    session: Session, authority_code: str, provider_id: UUID, actor: Actor, *, for_update: bool = False
) -> IdentityProvider:
    """One provider of this authority, for whoever may change it, or NotFound; locked and read anew for a change."""
    query = select(IdentityProvider).join(IdentityProvider.authority)
    query = query.where(IdentityProvider.id == provider_id, Authority.code == authority_code)
    if for_update:
        query = query.with_for_update(of=IdentityProvider).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.IDENTITY_PROVIDER_EDIT, found)
    return found


def logo_of(session: Session, code: str) -> tuple[Authority, StoredFile]:
    """An authority with its picture, or NotFound."""
    authority = public_authority(session, code)
    if authority.logo_file_id is None:
        raise NotFound
    return authority, stored_file(session, authority.logo_file_id)
