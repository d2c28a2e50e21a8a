"""An identity provider that really runs, and an authority that uses it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from portal.access.models import ExternalIdentity
from tests.factories.base import make_authority, make_person
from tests.factories.provider import MARTA, Vouching, make_provider, vouching_provider


@pytest.fixture(scope="module")
def running() -> Iterator[Vouching]:
    """The provider, started once."""
    with vouching_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Vouching, clock) -> Vouching:
    """The provider, straight and with one user; it keeps real time, so that the portal must as well."""
    clock.set(datetime.now(UTC))
    running.bend, running.key = None, None
    running.answers.clear()
    running.asked.clear()
    running.token_requests.clear()
    running.knows("marta", given_name="Marta", family_name="Rossi")
    return running


@pytest.fixture
def bari(store, provider) -> SimpleNamespace:
    """An authority that uses it, and a person whose identity is linked."""
    now = datetime.now(UTC)
    with store() as session:
        authority = make_authority(session)
        row = make_provider(session, authority, provider.issuer)
        person = make_person(session, now=now, email="marta@prova.example")
        link = ExternalIdentity(
            person_id=person.id,
            issuer=provider.issuer,
            subject="marta",
            fiscal_number=MARTA,
            linked_at=now,
            used_at=now,
        )
        session.add(link)
        session.flush()
        return SimpleNamespace(authority=authority, row=row, person=person, link=link)
