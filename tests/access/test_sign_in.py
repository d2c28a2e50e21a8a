"""Signing in and out: sessions are rows, failures are counted, nothing is told about who has an account."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access.models import Person, RoleGrant, SignInFailure, WebSession
from portal.access.operations import signing_in as operations
from portal.access.operations.signing_in import HASHER
from portal.access.policy import Role
from portal.access.views.signing_in import safe_path
from portal.core.audit import AuditEvent
from portal.core.audit.verification import verify
from tests.engines import both_engines
from tests.factories.base import PASSWORD, make_authority, make_organisation, make_person, sign_in
from tests.page import Page

WRONG = "L'indirizzo o la password non è corretto."
LOCKED = "Troppi tentativi falliti per questo indirizzo."
TRAPS = [
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\tevil",
    "javascript:alert(1)", "/a\r\nSet-Cookie: a=b", "/ /evil", "/a\x7f", "evil.example", "", "/" + "a" * 600,
]  # fmt: skip


@pytest.fixture
def email(store, now) -> str:
    """The address of somebody with an organisation."""
    with store() as session:
        person = make_person(session, now=now, name="Ada", email="ada@prova.example")
        make_organisation(session, now=now, owner=person)
        return person.email


@pytest.fixture
def officer(store, now) -> str:
    """The address of an officer."""
    with store() as session:
        return make_person(session, now=now, roles=(Role.OFFICER,), authority=make_authority(session)).email


def attempt(page: Page, address: str, password: str, expect: int) -> Page:
    """Fill in the form."""
    return page.get("/sign-in").submit("/sign-in", expect, email=address, password=password)


def is_signed_in(page: Page) -> bool:
    """Whether the desk opens."""
    return page.get("/desk").url == "/desk"


@both_engines
def test_the_right_password_opens_the_desk_and_signing_out_ends_the_row(page, email, store, now):
    sign_in(page, email.upper())
    assert page.url == "/desk"
    with store() as session:
        opened = session.scalars(select(WebSession)).one()
        assert (opened.ended_at, session.scalars(select(SignInFailure)).all()) == (None, [])
        assert list(verify(session)) == []
    stolen = page.client.get_cookie("session").value
    page.submit("/sign-out", 303)
    assert page.response.headers["Clear-Site-Data"] == '"cache"'
    page.client.set_cookie("session", stolen)
    assert not is_signed_in(page)
    with store() as session:
        assert session.scalars(select(WebSession)).one().ended_at == now
        assert [e.event for e in session.scalars(select(AuditEvent).order_by(AuditEvent.sequence))][:2] == [
            "session.opened", "session.closed",
        ]  # fmt: skip


@pytest.mark.parametrize("address", ["ada@prova.example", "nobody@prova.example"])
def test_the_same_is_said_and_counted_whether_or_not_there_is_an_account(page, email, address):
    for _ in range(5):
        attempt(page, address, "sbagliata-del-tutto", 422)
        assert page.shows(WRONG)
        assert page.field("email").get("value") == address
        assert page.field("password").get("value") in (None, "")
    attempt(page, address, PASSWORD, 429)
    assert page.shows(LOCKED)


def test_a_lockout_ends_by_itself_and_a_success_forgets_failures(page, email, clock):
    for _ in range(5):
        attempt(page, email, "sbagliata", 422)
    clock.advance(minutes=15, seconds=1)
    for _ in range(4):
        attempt(page, email, "sbagliata", 422)
    sign_in(page, email)
    assert page.url == "/desk"
    page.submit("/sign-out")
    for _ in range(4):
        attempt(page, email, "sbagliata", 422)
    sign_in(page, email)
    assert page.url == "/desk"


def test_an_unknown_address_costs_a_hash_like_a_known_one(page, email, monkeypatch):
    verified = []

    class Counting:
        """The hasher, counting."""

        def verify(self, hashed: str, password: str) -> bool:
            verified.append(password)
            return HASHER.verify(hashed, password)

    monkeypatch.setattr(operations, "HASHER", Counting())
    attempt(page, email, "sbagliata", 422)
    attempt(page, "nobody@prova.example", "sbagliata", 422)
    assert len(verified) == 2


def test_a_disabled_person_is_refused_like_an_unknown_one_and_at_the_next_request(page, visitors, email, store, now):
    sign_in(page, email)
    with store() as session:
        session.scalars(select(Person)).one().disabled_at = now
    assert not is_signed_in(page)
    attempt(visitors(), email, PASSWORD, 422)


def test_a_role_that_ended_acts_at_the_next_request(page, officer, store, clock):
    sign_in(page, officer)
    page.get("/manage/calls")
    with store() as session:
        session.scalars(select(RoleGrant)).one().until = clock() + timedelta(seconds=30)
    page.get("/manage/calls")
    clock.advance(seconds=30)
    page.get("/manage/calls", 403)


@pytest.mark.parametrize(("who", "idle", "absolute"), [("email", 120, 24 * 60), ("officer", 30, 12 * 60)])
def test_a_session_ends_unused_and_in_any_case(page, request, clock, who, idle, absolute):
    address = request.getfixturevalue(who)
    sign_in(page, address)
    clock.advance(minutes=idle - 1)
    assert is_signed_in(page)
    clock.advance(minutes=idle, seconds=-1)
    assert is_signed_in(page)
    clock.advance(minutes=idle)
    assert not is_signed_in(page)
    sign_in(page, address)
    for _ in range(absolute // (idle - 1)):
        clock.advance(minutes=idle - 1)
        page.get("/desk")
    clock.advance(minutes=idle - 1)
    assert not is_signed_in(page)


def test_signing_in_again_ends_the_session_before(page, email, store):
    sign_in(page, email)
    token = page.csrf_token
    page.post("/sign-in", csrf_token=token, email=email, password=PASSWORD)
    assert page.url == "/desk"
    with store() as session:
        assert sorted(row.ended_at is None for row in session.scalars(select(WebSession))) == [False, True]


def test_the_session_of_a_visitor_is_not_carried_over(page, email):
    page.get("/sign-in")
    before = page.client.get_cookie("session").value
    sign_in(page, email)
    cookie = page.client.get_cookie("session")
    assert cookie.value != before
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.domain) == (True, "Lax", "/", "localhost")


def test_over_tls_the_cookie_is_of_this_host_alone(portals, clock):
    app = portals.fresh("sqlite", "tls", origin="https://localhost")
    answer = app.test_client().get("/sign-in", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("trap", TRAPS)
def test_nobody_is_led_to_another_site(trap):
    assert safe_path(trap) is None


def test_signing_in_leads_back_to_the_page_that_was_asked(page, email):
    page.get("/organisations/new?x=è")
    assert page.url.startswith("/sign-in?next=")
    page.submit("#sign-in", email=email, password=PASSWORD)
    assert page.url.startswith("/organisations/new?x=")
    assert safe_path("/calls?q=è&r=//a") == "/calls?q=%C3%A8&r=//a"


def test_a_trap_in_the_form_leads_to_the_desk(page, email):
    page.get("/sign-in?next=https://evil.example/")
    page.submit("#sign-in", email=email, password=PASSWORD)
    assert page.url == "/desk"


def test_a_fragment_asked_by_a_visitor_leads_the_whole_page_to_sign_in(client):
    asked = {"HX-Request": "true", "HX-Request-Type": "partial"}
    here = client.get("/desk", headers=asked | {"HX-Current-URL": "http://localhost/calls?a=b"})
    assert (here.status_code, here.headers["HX-Redirect"]) == (401, "/sign-in?next=/calls")
    forged = client.get("/desk", headers=asked | {"HX-Current-URL": "https://evil.example/calls"})
    assert forged.headers["HX-Redirect"] == "/sign-in"


def test_whoever_is_signed_in_needs_no_form(page, email):
    sign_in(page, email)
    assert page.get("/sign-in").url == "/desk"


BAD_INPUT = [("", "a"), ("   ", "a"), ("a", ""), ("a\x00@b", "a"), ("a" * 400, "a"), ("a@b", "a" * 9000)]


@pytest.mark.parametrize(("address", "password"), BAD_INPUT)
@both_engines
def test_bad_input_is_said_and_changes_nothing(page, address, password, nothing_changes):
    with nothing_changes():
        attempt(page, address, password, 422)
    assert not is_signed_in(page)


def test_one_address_may_try_so_often_and_no_more(portals, clock):
    app = portals.fresh("sqlite", "limited", sign_ins_per_address=3)
    page = Page(app.test_client())
    for number in range(3):
        attempt(page, f"a{number}@prova.example", "sbagliata", 422)
    attempt(page, "b@prova.example", "sbagliata", 429)
    assert page.response is not None
    assert page.response.headers["Retry-After"]
    page.get("/sign-in")


def test_a_refused_money_move_is_recorded_even_at_the_door(page, officer, store):
    sign_in(page, officer)
    page.post("/finance/orders", 403)
    with store() as session:
        found = session.scalars(select(AuditEvent).where(AuditEvent.event == "refused payment.order")).one()
        assert found.after == {"path": "/finance/orders", "refusal": "Forbidden"}
        assert list(verify(session)) == []
