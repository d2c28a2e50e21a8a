"""Where somebody is signed in: seen in words, ended one by one or all at once, extended before the end."""

import pytest
from sqlalchemy import select

from portal.access.models import Person, RoleGrant, WebSession
from portal.access.policy import FINANCE_ROLES, STAFF, Role
from portal.access.rules.sessions import Device, device_of, session_ends
from portal.core.audit import AuditEvent
from tests.factories.base import PASSWORD, make_authority, make_organisation, make_person, sign_in
from tests.page import Page

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
TELEPHONE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile "
    "Safari/537.36"
)


@pytest.fixture
def ada(store, now) -> str:
    """Somebody with an organisation."""
    with store() as session:
        person = make_person(session, now=now, name="Ada", email="ada@prova.example")
        make_organisation(session, now=now, owner=person)
        return person.email


@pytest.fixture
def officer(store, now) -> str:
    """An officer."""
    with store() as session:
        return make_person(session, now=now, roles=(Role.OFFICER,), authority=make_authority(session)).email


def enter(page: Page, email: str, device: str) -> Page:
    """Sign in by the form with a browser that says what it is."""
    page.client.environ_base["HTTP_USER_AGENT"] = device
    return page.get("/sign-in").submit("#sign-in", email=email, password=PASSWORD)


# ---- limits ----


@pytest.mark.parametrize(
    ("roles", "idle", "absolute"),
    [((), 120, 24), (("officer",), 30, 12), (("auditor", "finance_maker"), 30, 8), (("finance_approver",), 30, 8)],
)
def test_the_strictest_role_decides_how_long_a_session_lasts(now, roles, idle, absolute):
    ends = session_ends(roles=roles, began=now, seen=now)
    assert (ends.idle - now).total_seconds() == idle * 60
    assert (ends.absolute - now).total_seconds() == absolute * 3600


def test_no_session_of_staff_outlasts_twelve_hours_nor_of_finance_eight(now):
    for role in STAFF:
        ends = session_ends(roles=[role], began=now, seen=now)
        assert (ends.absolute - now).total_seconds() <= (8 if role in FINANCE_ROLES else 12) * 3600


def test_the_idle_end_never_comes_after_the_absolute_one(now):
    began = now.replace(hour=0)
    assert (
        session_ends(roles=[], began=began, seen=began.replace(hour=23)).idle
        <= session_ends(roles=[], began=began, seen=began).absolute
    )


def test_finance_is_signed_out_after_eight_hours_of_work(page, store, now, clock):
    with store() as session:
        email = make_person(session, now=now, roles=(Role.FINANCE_MAKER,), authority=make_authority(session)).email
    sign_in(page, email)
    for _ in range(8 * 60 // 25):
        clock.advance(minutes=25)
        page.get("/desk")
    assert page.url == "/desk"
    clock.advance(minutes=5)
    assert page.get("/desk").url.startswith("/sign-in")


# ---- the page ----


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, Device("Firefox", "Windows")),
        (TELEPHONE, Device("Chrome", "Android")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Version/18 Mobile Safari/604.1",
         Device("Safari", "iPhone")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
         Device("Edge", "Windows")),
        ("curl/8.0", Device("", "")), ("", Device("", "")),
    ],
)  # fmt: skip
def test_a_device_is_named_as_its_owner_knows_it(agent, device):
    assert device_of(agent) == device


def test_ones_own_sessions_are_listed_in_words_and_nobody_elses(page, visitors, ada, officer):
    enter(visitors(), ada, TELEPHONE)
    sign_in(visitors(), officer)
    enter(page, ada, FIREFOX).get("/account/sessions")
    rows = ["".join(row.text_content().split()) for row in page.tree.xpath("//table[@id='sessions']/tbody/tr")]
    assert len(rows) == 2
    assert sum("questo" in row for row in rows) == 1
    assert page.shows("Firefox su Windows")
    assert page.shows("Chrome su Android")


def test_one_is_ended_and_its_browser_is_out_at_the_next_click(page, visitors, ada, store, now):
    telephone = enter(visitors(), ada, TELEPHONE)
    enter(page, ada, FIREFOX).get("/account/sessions")
    form = page.tree.xpath("//form[contains(@action, '/end')]/@action")[0]
    page.submit(str(form))
    assert page.shows("Quell'accesso è terminato")
    assert telephone.get("/desk").url.startswith("/sign-in")
    page.get("/desk")
    with store() as session:
        assert "session.closed" in session.scalars(select(AuditEvent.event)).all()


def test_all_the_others_end_at_once_and_this_one_stays(page, visitors, ada):
    others = [enter(visitors(), ada, TELEPHONE) for _ in range(2)]
    enter(page, ada, FIREFOX).get("/account/sessions").submit("Termina tutti gli altri")
    assert page.shows("2 altri accessi sono terminati")
    assert all(other.get("/desk").url.startswith("/sign-in") for other in others)
    assert page.get("/account/sessions").url == "/account/sessions"


def test_nobody_ends_the_session_of_somebody_else(page, visitors, ada, officer, store):
    sign_in(visitors(), officer)
    with store() as session:
        of_officer = session.scalars(select(WebSession)).one().id
    sign_in(page, ada).get("/account/sessions")
    page.post(f"/account/sessions/{of_officer}/end", 404)
    with store() as session:
        assert session.get_one(WebSession, of_officer).ended_at is None


# ---- going on ----


def test_every_page_says_how_long_the_sign_in_lasts_and_extending_renews_it(page, ada, store, clock):
    sign_in(page, ada)
    assert page.shows("lunedì 2 marzo 2026, 12:00 (ora di Roma)")
    clock.advance(minutes=118)
    page.submit("/session/extend")
    assert page.url == "/desk"
    with store() as session:
        row = session.scalars(select(WebSession)).one()
        assert (row.idle_end - clock()).total_seconds() == 7200
    clock.advance(minutes=119)
    assert page.get("/desk").url == "/desk"


def test_a_script_hears_the_seconds_that_are_left(client, page, ada, clock):
    sign_in(page, ada)
    clock.advance(minutes=100)
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json", "X-CSRFToken": page.csrf_token}
    answer = page.client.post("/session/extend", headers=headers)
    assert answer.json == {"left": 7200}
    assert answer.headers["Session-Ends-In"] == "7200"
    assert "Session-Ends-In" not in client.get("/sign-in").headers
    assert client.post("/session/extend", headers=headers).status_code in (303, 400)


def test_extending_never_passes_the_absolute_end(page, officer, store, clock):
    sign_in(page, officer)
    for _ in range(28):
        clock.advance(minutes=25)
        page.get("/desk")
    page.post("/session/extend")
    with store() as session:
        row = session.scalars(select(WebSession)).one()
        assert row.idle_end == row.absolute_end


# ---- who is disabled or loses a role ----


@pytest.mark.parametrize("htmx", [False, True])
def test_somebody_disabled_is_out_at_the_next_request(page, officer, store, now, htmx):
    sign_in(page, officer).get("/manage/calls")
    with store() as session:
        session.scalars(select(Person)).one().disabled_at = now
    page.get("/manage/calls", 401 if htmx else 200, htmx=htmx)
    led = page.response.headers["HX-Redirect"] if htmx else page.url
    assert led.startswith("/sign-in")


@pytest.mark.parametrize("htmx", [False, True])
def test_a_role_that_ended_opens_nothing_at_the_next_request(page, officer, store, now, htmx):
    sign_in(page, officer).get("/manage/calls")
    with store() as session:
        session.scalars(select(RoleGrant)).one().until = now
    page.get("/manage/calls", 403, htmx=htmx)
    page.get("/desk")
    assert page.url == "/desk", "the account is still good"
    assert not page.tree.xpath("//a[@href='/manage/calls']")


def test_a_closed_account_is_out_at_the_next_request(page, ada, store, now):
    sign_in(page, ada)
    with store() as session:
        session.scalars(select(Person)).one().closed_at = now
    assert page.get("/desk").url.startswith("/sign-in")


def test_nobody_disabled_or_closed_comes_in_with_the_right_password(page, ada, store, now):
    with store() as session:
        session.scalars(select(Person)).one().closed_at = now
    page.get("/sign-in").submit("#sign-in", 422, email=ada, password=PASSWORD)
    assert page.get("/desk").url.startswith("/sign-in")
