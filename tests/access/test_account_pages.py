"""Accounts through their pages: the same words for everybody, one effect a form, secrets that stay secret."""

import json
import re
from typing import Any

import pytest
import structlog
from sqlalchemy import func, select

from portal.access.models import AccountLink, LinkRequest, Person, RoleGrant, SignInFailure, WebSession
from portal.access.operations.signing_in import check_password
from portal.access.policy import Action, Role
from portal.access.queries import person_by_email
from portal.access.web import declares
from portal.core.db import database
from portal.core.jobs.models import Job
from portal.core.jobs.worker import new_owner, run_one
from portal.core.mail import OutgoingMail
from tests.engines import both_engines
from tests.factories.accounts import answer_requests, link_to, mails_to
from tests.factories.base import PASSWORD, make_authority, make_organisation, make_person, make_staff, sign_in
from tests.page import Page

NEW = "tre gatti sul tetto"
ADA, NOBODY = "ada@prova.example", "nessuno@prova.example"
SENT = "Un messaggio è in arrivo"
GONE = "Questo link non apre nulla"
NAMES = [
    "Ada \u202eihcnaiB", "A\u200bda", "<script>alert(1)</script>", "{{ 7*7 }}", "'; DROP TABLE person; --",
    "Ada\r\nBcc: x", '" autofocus onfocus="alert(1)', "Ada e\u0301",
]  # fmt: skip
ADDRESSES = [
    "", "   ", "ada", "à@b.it", "a" * 300 + "@b.it", "a@b.it\x00", "a@b.it, c@d.it", "<a@b.it>", "a" * 2**20,
]  # fmt: skip


@pytest.fixture
def ada(store, now) -> str:
    """Somebody with an account and an organisation that another owner shares."""
    with store() as session:
        make_person(session, now=now, email=ADA, name="Ada Bianchi")
    return ADA


@pytest.fixture
def link(store, clock):
    """`link(page, "/register", address)`: ask for a link and open the mail."""

    def asked(page: Page, path: str, address: str, **fields: str) -> str:
        page.get(path).submit("#register" if path == "/register" else "#forgotten", email=address)
        with store() as session:
            answer_requests(session, now=clock())
            return link_to(session, address)

    return asked


def cookie_of(page: Page) -> str:
    """What the browser holds."""
    cookie = page.client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def twice(page: Page, form: str, **fields: Any) -> Page:
    """Press the button of a form twice, as a double click does: the second press has the first one's cookie."""
    before, url, html = cookie_of(page), page.url, page.html
    page.submit(form, 303, **fields)
    assert page.response is not None
    first, cookie = page.response.headers["Location"], cookie_of(page)
    page.url, page.html = url, html
    page.client.set_cookie("session", before)
    page.submit(form, 303, **fields)
    page.client.set_cookie("session", cookie)
    return page.get(first)


@both_engines
def test_a_visitor_registers_and_is_led_to_where_they_wanted_to_go(page, store, link):
    page.get("/sign-in?next=/organisations/new").click("Crea un account")
    page.submit("#register", email=" Ada@Prova.example ")
    assert page.shows(SENT)
    with store() as session:
        answer_requests(session, now=session.scalars(select(LinkRequest.asked_at)).one())
        path = link_to(session, ADA)
    page.get(path)
    assert page.tree.xpath("//input[@autocomplete='username']/@value") == [ADA]
    assert page.field("password").get("autocomplete") == "new-password"
    twice(page, "#registering", name="Ada Bianchi", password=NEW)
    assert page.url == "/organisations/new"
    with store() as session:
        assert session.scalar(select(func.count(Person.id))) == 1
        assert session.scalar(select(func.count(WebSession.id))) == 1
    page.get(path.split("?")[0], 410)
    assert page.heading == GONE


@pytest.mark.parametrize("path", ["/register", "/reset"])
def test_asking_tells_nothing_of_who_has_an_account(page, ada, path):
    form, seen = "#register" if path == "/register" else "#forgotten", []
    for address in (ada, NOBODY):
        twice(page.get(path), form, email=address)
        seen.append(page.text)
    assert seen[0] == seen[1]
    for address in (ada, NOBODY):
        for _ in range(2):
            page.get(path).submit(form, email=address)
        page.get(path).submit(form, 429, email=address)
        assert page.shows("Tre messaggi sono già stati chiesti")
        assert page.field("email").get("value") == address
        assert page.response.headers.get("Retry-After")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_wrong_address_is_said_and_kept(page, store, address):
    page.get("/register").submit("#register", 422, email=address)
    assert page.field("email").get("aria-invalid") == "true"
    with store() as session:
        assert session.scalar(select(func.count(LinkRequest.id))) == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_one_visible_line_and_is_never_run(page, link, store, name):
    page.get(link(page, "/register", ADA)).submit("#registering", name=name, password=NEW)
    page.get("/account")
    with store() as session:
        kept = session.scalars(select(Person.name)).one()
    assert not re.search("[\u200b\u202e\r\n\x00]", kept)
    assert page.field("name").get("value") == kept


@pytest.mark.parametrize(("name", "password"), [
    ("", NEW), ("  \u200b ", NEW), ("a" * 201, NEW), ("Ada\x00", NEW), ("Ada", ""), ("Ada", "corta"),
    ("Ada", "password-password"), ("Ada Bianchi", "AdaBianchi1980"), ("Ada", "x" * 501), ("Ada", "gatti\x00sul tetto"),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_the_link_stays(page, link, store, name, password):
    path = link(page, "/register", ADA)
    page.get(path).submit("#registering", 422, name=name, password=password)
    assert page.tree.xpath("//*[@aria-invalid='true']")
    assert page.field("password").get("value") in (None, "")
    with store() as session:
        assert session.scalar(select(func.count(Person.id))) == 0
    page.submit("#registering", name="Ada", password=NEW)
    assert page.url == "/desk"


def test_a_form_sent_again_with_other_words_or_from_elsewhere_changes_nothing(page, client, store):
    key = {"idempotency_key": "0" * 32, "next": "https://evil.example/" + "a" * 600}
    page.get("/register").post("/register", email=ADA, **key)
    page.get("/register").post("/register", 409, email=NOBODY, **key)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-origin"}):
        assert client.post("/register", data={"email": NOBODY}, headers=headers).status_code in (400, 403)
    with store() as session:
        assert session.execute(select(LinkRequest.email, LinkRequest.wanted)).all() == [(ADA, None)]


def test_more_fields_give_no_more_rights(page, link, store):
    page.get(link(page, "/register", ADA))
    page.post(page.url, name="Ada", password=NEW, email="boss@prova.example", role="administrator", id="1")
    with store() as session:
        assert session.scalars(select(Person.email)).all() == [ADA]
        assert session.scalars(select(RoleGrant)).all() == []


def test_opening_a_link_uses_nothing_up_and_its_address_goes_nowhere(page, link, store, ada):
    path = link(page, "/reset", ada)
    for _ in range(3):
        page.get(path)
        headers = page.response.headers
        assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "strict-origin")
    page.client.head(path, headers={"Sec-Fetch-Site": "none"})
    with store() as session:
        assert session.scalars(select(AccountLink.used_at)).all() == [None]
    for wrong in (path[:-1], path.replace("/reset/", "/register/"), "/email/" + "a" * 43, "/reset/%00", "/register/è"):
        page.get(wrong, 404)
        assert page.heading == GONE


def test_a_reset_signs_out_everywhere_and_leads_to_sign_in(page, visitors, link, store, ada):
    elsewhere = sign_in(visitors(), ada)
    path = link(page, "/reset", ada)
    twice(page.get(path), "#resetting", password=NEW)
    assert page.url == "/sign-in"
    assert elsewhere.get("/desk").url.startswith("/sign-in")
    page.get(path, 410)
    page.click("Chiedi un nuovo link")
    assert page.url == "/reset"
    page.get("/sign-in").submit("#sign-in", email=ada, password=NEW)
    assert page.url == "/desk"


def test_the_account_page_changes_name_and_language(page, store, ada):
    sign_in(page, ada).click("Ada Bianchi")
    assert page.url == "/account"
    twice(page, "#profile", name="Ada Verdi", locale="en")
    assert page.heading == "My account"
    with store() as session:
        assert session.execute(select(Person.name, Person.locale)).one() == ("Ada Verdi", "en")
    page.submit("#profile", 422, name=" ", locale="it")


@both_engines
def test_the_address_changes_by_the_link_of_the_new_one(page, visitors, store, clock, ada):
    sign_in(page, ada).get("/account/email")
    page.submit("#email-form", 422, email="eva@prova.example", current="sbagliata-del-tutto")
    assert page.field("email").get("value") == "eva@prova.example"
    twice(page, "#email-form", email="eva@prova.example", current=PASSWORD)
    assert page.url == "/account"
    with store() as session:
        answer_requests(session, now=clock())
        path = link_to(session, "eva@prova.example")
        assert len(mails_to(session, ada)) == 1
    other = visitors()
    twice(other.get(path), path)
    assert other.url == "/"
    other.get(path, 410)
    assert page.get("/account").shows("eva@prova.example")


def test_a_new_password_needs_the_one_before_and_guesses_are_counted(page, visitors, ada):
    elsewhere = sign_in(visitors(), ada)
    sign_in(page, ada).get("/account/password")
    assert page.field("current").get("autocomplete") == "current-password"
    page.submit("#password-form", 422, current=PASSWORD, password="corta")
    twice(page, "#password-form", current=PASSWORD, password=NEW)
    assert page.url == "/account"
    assert elsewhere.get("/desk").url.startswith("/sign-in")
    page.get("/account/password").submit("#password-form", 422, current=NEW, password="corta")
    for _ in range(5):
        page.get("/account/password").submit("#password-form", 422, current="sbagliata", password=NEW)
    for path, form in (("/account/password", "#password-form"), ("/account/email", "#email-form")):
        given = {"current": NEW, "password": NEW} if "password" in path else {"current": NEW, "email": NOBODY}
        page.get(path).submit(form, 429, **given)


def test_closing_says_what_happens_and_what_must_be_settled_first(page, store, now, ada):
    with store() as session:
        make_organisation(session, now=now, owner=person_by_email(session, ada), name="Il Ponte")
        officer = make_staff(session, make_authority(session), Role.OFFICER, now=now)
        heir = make_person(session, now=now)
    sign_in(page, ada).get("/account/close")
    assert page.shows("Il Ponte")
    page.post("/account/close", 409, current=PASSWORD)
    sign_in(page, officer.email).get("/account/close")
    assert page.shows("un ruolo")
    page.post("/account/close", 409, current=PASSWORD)
    sign_in(page, heir.email).get("/account/close")
    page.submit("/account/close", 422, current="sbagliata")
    twice(page, "/account/close", current=PASSWORD)
    assert page.url == "/"
    assert page.get("/desk").url.startswith("/sign-in")
    with store() as session:
        assert check_password(person=session.get_one(Person, heir.id), password=PASSWORD) is None


def test_one_network_address_asks_so_often_and_is_told_to_wait(portals, clock):
    page = Page(portals.fresh("sqlite", "limited", sign_ins_per_address=3).test_client())
    for number in range(3):
        page.get("/reset").submit("#forgotten", email=f"a{number}@prova.example")
    page.get("/reset").submit("#forgotten", 429, email="b@prova.example")
    assert page.shows("Attendere")


def test_secrets_of_links_are_in_no_log_and_leave_the_database_with_the_mail(app, page, store, clock, link, ada):
    path = link(page, "/reset", ada)
    token = path.rsplit("/", 1)[1]
    with structlog.testing.capture_logs() as told:
        page.get(path).submit("#resetting", 422, password="corta")
        page.submit("#resetting", password=NEW)
        page.get(path, 410)
        with app.app_context():
            while run_one(database.engine, clock=clock, owner=new_owner()):
                pass
    assert told
    assert token not in json.dumps(told, default=str)
    with store() as session:
        assert token not in repr(session.scalars(select(OutgoingMail.body)).all())
        assert {job.state.value for job in session.scalars(select(Job))} == {"done"}
        assert session.scalar(select(func.count(SignInFailure.id))) == 0
    written = "".join(file.read_text() for file in (app.extensions["settings"].var / "mail").glob("*.eml"))
    assert f"http://localhost{path}" in written.replace("=\n", "")


def test_session_person_and_permissions_take_three_statements(app, page, statements, clock, ada, monkeypatch):
    sign_in(page, ada)
    bare = declares(Action.ACCOUNT_MANAGE)(lambda: "nothing of its own")
    monkeypatch.setitem(app.view_functions, "accounts.show", bare)
    for minutes in (0, 2):
        clock.advance(minutes=minutes)
        with statements() as sent:
            assert page.client.get("/account").status_code == 200
        assert 0 < len(sent) <= 3, sent
    with statements() as whole:
        page.get("/desk")
    assert len(whole) > 2, "the page itself comes on top"
    assert [each.split(" WHERE ")[0] for each in whole[:2]] == [each.split(" WHERE ")[0] for each in sent[:2]]
