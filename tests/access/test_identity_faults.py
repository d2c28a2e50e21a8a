"""Providers that fail, staff, and secrets: against a real provider with a hand that bends its answers."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.access import oidc
from portal.access.models import ExternalIdentity, IdentityProvider, WebSession
from portal.access.policy import Role
from portal.core.outgoing import LONGEST_SILENCE
from tests.factories.base import make_authority, make_staff
from tests.factories.provider import SECRET, come_back, leave, make_provider, path_of, slow

START = "/sign-in/with/bari/spid"


def sessions_of(store) -> list[WebSession]:
    with store() as session:
        return list(session.scalars(select(WebSession).order_by(WebSession.id)))


def test_a_provider_that_is_down_is_told_within_ten_seconds(page, store, bari):
    with store() as session:
        session.get_one(IdentityProvider, bari.row.id).issuer = "http://localhost:9"
    page.get(START, 422)
    assert sessions_of(store) == []


def test_a_provider_that_drips_is_given_up_in_time(page, bari, provider, monkeypatch):
    assert oidc.PATIENCE + LONGEST_SILENCE <= 10
    monkeypatch.setattr(oidc, "PATIENCE", 1.0)
    provider.answers["/.well-known/openid-configuration"] = slow(30)
    began = datetime.now(UTC)
    page.get(START, 422)
    assert datetime.now(UTC) - began < timedelta(seconds=3)


@pytest.mark.parametrize(
    "answer",
    [
        Response("<html>", 200, content_type="text/html"),
        Response("[]", 200),
        Response("x" * 600_000, 200),
        Response("", 302, headers={"Location": "http://localhost:9/"}),
        Response('{"issuer": "https://elsewhere.example"}', 200),
        Response("", 503),
    ],
)
def test_an_odd_discovery_leads_nowhere(page, store, bari, provider, answer):
    provider.answers["/.well-known/openid-configuration"] = answer
    page.get(START, 422)
    assert page.led_to == []
    assert sessions_of(store) == []


@pytest.mark.parametrize(
    "address", ["http://elsewhere.example/token", "https://169.254.169.254/x", "file:///etc/passwd"]
)
def test_a_discovered_address_that_may_not_be_asked_is_not_asked(page, store, bari, provider, address):
    known = dict.fromkeys(("authorization_endpoint", "jwks_uri"), f"{provider.issuer}/x")
    told = json.dumps(known | {"issuer": provider.issuer, "token_endpoint": address})
    provider.answers["/.well-known/openid-configuration"] = Response(told, mimetype="application/json")
    page.get(START, 422)
    assert page.led_to == []
    assert sessions_of(store) == []


@pytest.mark.parametrize("path", ["/oauth2/token", "/jwks"])
@pytest.mark.parametrize("answer", [Response("", 302, headers={"Location": "/"}), Response("no", 500), Response("{}")])
def test_a_broken_provider_signs_nobody_in(page, store, bari, provider, path, answer):
    address = path_of(provider.agrees(leave(page), "marta"))
    provider.answers[path] = answer
    page.get(address, 422)
    assert sessions_of(store) == []


# ---- staff ----


def test_staff_come_in_only_by_a_provider_that_all_their_authorities_trust(
    page, visitors, store, bari, provider, clock
):
    now = clock()
    with store() as session:
        other = make_authority(session, code="venezia", name="Comune di Venezia")
        maker = make_staff(session, other, Role.FINANCE_MAKER, now=now)
        provider.knows("maker", fiscal_number="TINIT-RSSMRA85T10A562S")
        link = {"issuer": provider.issuer, "subject": "maker", "fiscal_number": "RSSMRA85T10A562S"}
        session.add(ExternalIdentity(person_id=maker.id, linked_at=now, used_at=now, **link))
    come_back(page, provider, "maker", expect=403)
    assert sessions_of(store) == []
    with store() as session:
        make_provider(session, session.merge(other), provider.issuer)
    come_back(visitors(), provider, "maker")
    assert len(sessions_of(store)) == 1


# ---- secrets ----


def test_neither_secret_nor_fiscal_number_is_told(page, store, bari, provider):
    leave(page)
    with store() as session:
        assert SECRET not in session.get_one(IdentityProvider, bari.row.id).sealed_secret
    provider.knows("new", fiscal_number="TINIT-RSSMRA85T10A562S")
    come_back(page, provider, "new")
    with page.client.session_transaction() as kept:
        assert "RSSMRA85T10A562S" not in str(dict(kept))
    assert "RSSMRA85T10A562S" not in page.html
    assert page.shows("RSSM…562S")
