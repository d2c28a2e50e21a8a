"""Signing in with SPID and CIE, against a real provider: who comes in, who does not, and what nobody can forge."""

import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.access.models import ExternalIdentity, IdentityProvider, Person, WebSession
from portal.core.audit.models import AuditEvent
from tests.factories.base import make_authority
from tests.factories.provider import (
    LEVEL_1,
    LEVEL_2,
    LEVEL_3,
    MARTA,
    come_back,
    leave,
    make_provider,
    path_of,
    query_of,
    secret_of_nobody,
    stranger,
)

START = "/sign-in/with/bari/spid"
ANSWER = "/sign-in/with/answer"


def sessions_of(store) -> list[WebSession]:
    with store() as session:
        return list(session.scalars(select(WebSession).order_by(WebSession.id)))


# ---- the way there and back ----


def test_the_sign_in_page_offers_every_enabled_provider_by_authority(page, store, bari, provider):
    with store() as session:
        other = make_authority(session, code="venezia", name="Comune di Venezia")
        make_provider(session, other, provider.issuer, key="cie", name="CIE")
        make_provider(session, other, provider.issuer, key="spid", name="Nascosto", enabled=False)
    page.get("/sign-in?next=/calls&lang=it")
    links = {a.get("href"): a.text_content() for a in page.tree.xpath("//a[contains(@href, '/sign-in/with/')]")}
    assert {urlsplit(link).path for link in links} == {START, "/sign-in/with/venezia/cie"}
    assert all(query_of(link) == {"next": "/calls"} for link in links)


def test_the_request_asks_for_a_code_with_pkce_state_nonce_and_level(page, bari, provider):
    asked = query_of(leave(page))
    assert (asked["response_type"], asked["code_challenge_method"], asked["acr_values"]) == ("code", "S256", LEVEL_2)
    assert asked["redirect_uri"] == "http://localhost/sign-in/with/answer"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert query_of(leave(page))["state"] != asked["state"]


def test_whoever_is_known_comes_in_with_a_second_factor_and_goes_on(page, store, bari, provider):
    come_back(page, provider, start=f"{START}?next=/account/identity")
    assert page.led_to == ["/account/identity"]
    [row] = sessions_of(store)
    assert (row.person_id, row.strong_at is not None) == (bari.person.id, True)
    sent = provider.token_requests[0]
    assert (sent["grant_type"], bool(sent["code_verifier"])) == ("authorization_code", True)
    assert sent["authorization"].startswith("Basic ")
    with store() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == bari.link.id)).all()
    assert [(e.event, e.after) for e in events] == [
        ("identity.signed_in", {"issuer": provider.issuer, "level": LEVEL_2})
    ]


def test_a_level_that_does_not_count_as_a_second_factor_opens_a_plain_session(page, store, bari, provider):
    with store() as session:
        session.get_one(IdentityProvider, bari.row.id).strong_acr = LEVEL_3
    come_back(page, provider)
    assert sessions_of(store)[0].strong_at is None


def test_the_fiscal_number_finds_the_account_when_the_provider_names_the_person_otherwise(page, store, bari, provider):
    provider.knows("another-subject")
    come_back(page, provider, "another-subject")
    with store() as session:
        rows = session.scalars(select(ExternalIdentity).order_by(ExternalIdentity.id)).all()
    assert [(row.subject, row.person_id, row.fiscal_number) for row in rows] == [
        ("marta", bari.person.id, MARTA), ("another-subject", bari.person.id, None),
    ]  # fmt: skip
    page.post("/sign-out")
    come_back(page, provider, "another-subject")
    assert page.led_to == ["/desk"]


def test_what_the_token_leaves_out_is_asked_of_the_provider_once_more(page, store, bari, provider):
    def leave_out(claims: dict, _header: dict) -> None:
        claims.pop("fiscal_number")

    provider.bend = leave_out
    come_back(page, provider)
    assert page.led_to == ["/desk"]
    told = json.dumps({"sub": "somebody", "fiscal_number": MARTA})
    provider.answers["/userinfo"] = Response(told, mimetype="application/json")
    page.post("/sign-out")
    come_back(page, provider, expect=422)


# ---- what is refused, and changes nothing ----

CROOKED: dict[str, dict[str, object]] = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "another audience": {"aud": "another-client"},
    "an audience besides ours, for somebody else": {"aud": ["vivaio", "other"], "azp": "other"},
    "another audience, asked by us": {"aud": "another-client", "azp": "vivaio"},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "an expired token": {"exp": 1_700_000_000},
    "a token of tomorrow": {"iat": 4_000_000_000},
    "no subject": {"sub": None},
    "a lower level": {"acr": LEVEL_1},
    "no level": {"acr": None},
    "no fiscal number": {"fiscal_number": "TINIT-RSSMRA85T50A562X"},
    "the number of a firm's VAT": {"fiscal_number": "VATIT-01199250158"},
    "a number that is a list": {"fiscal_number": [MARTA]},
}


@pytest.mark.parametrize("what", CROOKED)
def test_a_crooked_token_signs_nobody_in(page, store, bari, provider, what):
    def bend(claims: dict, _header: dict) -> None:
        for name, value in CROOKED[what].items():
            claims.pop(name, None) if value is None else claims.update({name: value})

    provider.bend = bend
    address = come_back(page, provider, expect=422).url
    assert page.shows("Nothing was changed") or page.shows("Non è stato cambiato nulla")
    page.get(address, 422)
    assert (sessions_of(store), len(provider.token_requests)) == ([], 1)
    page.get("/desk", 200)
    assert page.url.startswith("/sign-in")


@pytest.mark.parametrize("forged", ["none", "our secret as the key", "a stranger's key", "a byte changed"])
def test_a_forged_signature_signs_nobody_in(page, store, bari, provider, forged):
    def bend(_claims: dict, header: dict) -> None:
        header["alg"] = {"none": "none", "our secret as the key": "HS256"}.get(forged, header["alg"])

    provider.bend = bend
    provider.key = {"our secret as the key": secret_of_nobody, "a stranger's key": stranger}.get(forged, lambda: None)()
    if forged == "a byte changed":
        provider.answers["/oauth2/token"] = Response(
            '{"token_type": "Bearer", "access_token": "a", "id_token": "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"}',
            mimetype="application/json",
        )
    come_back(page, provider, expect=422)
    assert sessions_of(store) == []


def test_a_straight_token_signed_anew_by_the_provider_is_believed(page, bari, provider):
    provider.bend = lambda _claims, _header: None
    come_back(page, provider)
    assert page.led_to == ["/desk"]


@pytest.mark.parametrize("given", ["", "?code=x", "?state=x&code=x", "?code=x&state=", "?error=server_error&state=x"])
def test_an_answer_that_nobody_asked_for_is_refused(page, store, bari, provider, given):
    leave(page)
    page.get(ANSWER + given, 422)
    assert (sessions_of(store), provider.token_requests) == ([], [])


def test_a_right_code_with_another_state_is_not_even_asked_about(page, store, bari, provider):
    address = path_of(provider.agrees(leave(page), "marta"))
    page.get(address.replace("state=", "state=x"), 422)
    assert provider.token_requests == []
    page.get(address)
    assert len(sessions_of(store)) == 1


def test_an_answer_counts_once_and_in_one_browser(page, visitors, store, bari, provider):
    address = path_of(provider.agrees(leave(page), "marta"))
    other = visitors()
    leave(other)
    other.get(address, 422)
    page.get(address)
    page.get(address, 422)
    assert len(sessions_of(store)) == 1


def test_a_code_counts_once_even_for_whoever_kept_the_cookie(page, visitors, store, bari, provider):
    address = path_of(provider.agrees(leave(page), "marta"))
    with page.client.session_transaction() as kept:
        cookie = dict(kept)
    page.get(address)
    again = visitors()
    with again.client.session_transaction() as kept:
        kept.update(cookie)
    again.get(address, 422)
    assert len(sessions_of(store)) == 1


def test_an_answer_that_took_too_long_is_refused(page, store, bari, provider, clock):
    address = path_of(provider.agrees(leave(page), "marta"))
    clock.advance(minutes=11)
    page.get(address, 422)
    assert sessions_of(store) == []


def test_an_answer_of_another_provider_is_refused(page, store, bari, provider):
    page.get(path_of(provider.agrees(leave(page), "marta")) + "&iss=https://elsewhere.example", 422)
    assert sessions_of(store) == []


def test_cancelling_at_the_provider_says_so_plainly(page, store, bari, provider):
    page.get("/calls?lang=it")
    page.get(path_of(provider.agrees(leave(page), "marta", action="deny")), 422)
    assert page.shows("annullato")
    assert page.tree.xpath("//main//a[@href='/sign-in']")
    assert sessions_of(store) == []


def test_a_disabled_person_is_refused_in_plain_words(page, store, bari, provider):
    with store() as session:
        session.get_one(Person, bari.person.id).disabled_at = datetime.now(UTC)
    come_back(page, provider, expect=403)
    assert sessions_of(store) == []


def test_a_provider_that_was_disabled_meanwhile_signs_nobody_in(page, store, bari, provider):
    address = path_of(provider.agrees(leave(page), "marta"))
    with store() as session:
        session.get_one(IdentityProvider, bari.row.id).is_enabled = False
    page.get(address, 422)
    page.get(START, 404)
    assert sessions_of(store) == []


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"])
def test_nobody_is_led_to_another_site(page, bari, provider, wanted):
    come_back(page, provider, start=f"{START}?next={wanted}")
    assert page.led_to == ["/desk"]
