"""Invariants of identities and looks: one fiscal number an account, sealed secrets that open, colours that read."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.models import Authority, ExternalIdentity, IdentityProvider, Person
from portal.access.queries.identity import SEALED_FOR
from portal.access.rules.authorities import valid_colour
from portal.access.rules.identity import NoFiscalNumber, fiscal_number_of
from portal.core.errors import Invalid
from portal.core.secrets import SealBroken, unseal


def broken(session: Session) -> Iterator[str]:
    """One line for each identity, provider or colour that is not as it must be."""
    yield from _numbers(session)
    yield from _providers(session)
    for authority in session.scalars(select(Authority).order_by(Authority.code)):
        try:
            valid_colour(authority.colour or "")
        except Invalid:
            yield f"authority {authority.code}: white cannot be read on its colour {authority.colour}"


def _numbers(session: Session) -> Iterator[str]:
    held = select(ExternalIdentity.person_id, func.count(ExternalIdentity.fiscal_number))
    held = held.join(Person, Person.id == ExternalIdentity.person_id).where(Person.erased_at.is_(None))
    held = held.group_by(ExternalIdentity.person_id).having(func.count(ExternalIdentity.fiscal_number) != 1)
    for person_id, count in session.execute(held.order_by(ExternalIdentity.person_id)):
        yield f"identity: person {person_id} has {count} fiscal numbers"
    for row in session.scalars(select(ExternalIdentity).where(ExternalIdentity.fiscal_number.is_not(None))):
        try:
            fiscal_number_of(row.fiscal_number)
        except NoFiscalNumber:
            yield f"identity {row.id}: its fiscal number is not valid"


def _providers(session: Session) -> Iterator[str]:
    for row in session.scalars(select(IdentityProvider).order_by(IdentityProvider.id)):
        try:
            unseal(row.sealed_secret, purpose=SEALED_FOR)
        except SealBroken:
            yield f"identity provider {row.id}: its secret was sealed under another SECRET_KEY; write it again"
