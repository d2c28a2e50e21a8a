"""Reading identity providers and the identities that they vouched for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from portal.access.models import Authority, ExternalIdentity, IdentityProvider, Person
from portal.access.oidc import Provider
from portal.access.policy import STAFF
from portal.access.queries.accounts import own_person
from portal.access.queries.people import actor_of
from portal.access.rules.identity import Claim, IdentityTaken, Levels, ProviderFault
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.secrets import unseal

SEALED_FOR = "client secret"
"""What the secret of a client is sealed for."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Where people of one authority may sign in."""

    authority: Authority
    providers: Sequence[IdentityProvider]


@dataclass(frozen=True, slots=True)
class OwnIdentities:
    """What somebody sees of the identities linked to their account."""

    person: Person
    identities: Sequence[ExternalIdentity]
    choices: Sequence[Choices]


def sign_in_choices(session: Session) -> list[Choices]:
    """Enabled providers by the name of their authority: one statement."""
    query = (
        select(IdentityProvider)
        .join(IdentityProvider.authority)
        .where(IdentityProvider.is_enabled)
        .options(contains_eager(IdentityProvider.authority))
        .order_by(Authority.name, Authority.id, IdentityProvider.name, IdentityProvider.key)
    )
    found = groupby(session.scalars(query), key=lambda provider: provider.authority)
    return [Choices(authority, list(providers)) for authority, providers in found]


def enabled_provider(session: Session, authority_code: str, provider_key: str) -> Provider:
    """An enabled provider, apart from the database, its secret opened; NotFound, or SealBroken."""
    query = (
        select(IdentityProvider)
        .join(IdentityProvider.authority)
        .where(Authority.code == authority_code, IdentityProvider.key == provider_key, IdentityProvider.is_enabled)
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return Provider(
        authority_code=authority_code,
        key=row.key,
        issuer=row.issuer,
        client_id=row.client_id,
        client_secret=unseal(row.sealed_secret, purpose=SEALED_FOR),
        levels=Levels(row.acr_values, row.strong_acr),
        fiscal_claim=row.fiscal_claim,
    )


def holder_of(session: Session, claim: Claim) -> tuple[UUID, ExternalIdentity | None] | None:
    """Whose account a claim opens, with the row of exactly this identity if there is one; None for nobody's.

    Raises IdentityTaken where the identity and the fiscal number belong to two people, and ProviderFault where the
    provider gives the identity of one person to the fiscal number of another.
    """
    by_subject = session.scalars(
        select(ExternalIdentity).where(
            ExternalIdentity.issuer == claim.issuer, ExternalIdentity.subject == claim.subject
        )
    ).one_or_none()
    number = select(ExternalIdentity).where(ExternalIdentity.fiscal_number == claim.fiscal_number)
    by_number = session.scalars(number).one_or_none()
    if by_subject is None:
        return (by_number.person_id, None) if by_number else None
    if by_number is None and fiscal_number_linked(session, by_subject.person_id):
        raise ProviderFault
    if by_number is not None and by_number.person_id != by_subject.person_id:
        raise IdentityTaken
    return by_subject.person_id, by_subject


def fiscal_number_linked(session: Session, person_id: UUID) -> str | None:
    """The fiscal number that is linked to an account, if any."""
    query = select(ExternalIdentity.fiscal_number).where(
        ExternalIdentity.person_id == person_id, ExternalIdentity.fiscal_number.is_not(None)
    )
    return session.scalars(query.limit(1)).first()


def identities_linked(session: Session, person_id: UUID) -> Sequence[ExternalIdentity]:
    """The identities of an account, the oldest first."""
    query = select(ExternalIdentity).where(ExternalIdentity.person_id == person_id)
    return session.scalars(query.order_by(ExternalIdentity.linked_at, ExternalIdentity.id)).all()


def own_identities(session: Session, actor: Actor) -> OwnIdentities:
    """The identities linked to one's own account, and where more can be linked."""
    person = own_person(session, actor)
    return OwnIdentities(person, identities_linked(session, person.id), sign_in_choices(session))


def is_trusted_for(session: Session, person: Person, issuer: str, now: datetime) -> bool:
    """Whether every authority whose staff somebody is has enabled this issuer; true for who is nobody's staff."""
    staff_of = {authority for role, authority in actor_of(session, person, now).roles if role in STAFF}
    if not staff_of:
        return True
    enabled = select(IdentityProvider.authority_id).where(
        IdentityProvider.issuer == issuer, IdentityProvider.is_enabled
    )
    return staff_of <= set(session.scalars(enabled))
