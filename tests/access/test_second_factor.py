"""Second factors at the door: half sessions, codes used once, recovery codes, fresh ones for the gravest acts."""

import pytest
from sqlalchemy import select

from portal.access.models import Person, RecoveryCode, RoleGrant, SignInFailure, Totp, WebSession
from portal.access.policy import Role
from portal.core.audit.verification import verify
from portal.core.mail import OutgoingMail
from portal.notices.models import Notice
from tests.factories.base import PASSWORD, make_authority, make_organisation, make_person, sign_in
from tests.factories.second_factor import KEY, RECOVERY, app_code, give_app
from tests.page import Page

WRONG = "Questo codice non è giusto, o è già stato usato."


@pytest.fixture
def officer(store, now) -> str:
    """An officer with an app."""
    with store() as session:
        person = make_person(session, now=now, name="Marta", roles=(Role.OFFICER,), authority=make_authority(session))
        return give_app(session, person, now=now).email


@pytest.fixture
def owner(store, now) -> str:
    """Somebody who represents an organisation, without a second factor."""
    with store() as session:
        person = make_person(session, now=now, name="Ada", email="ada@prova.example")
        make_organisation(session, now=now, owner=person, name="Il Ponte")
        return person.email


def password(page: Page, email: str, wanted: str = "/manage/calls") -> Page:
    """Address and password, on the way to a page."""
    return page.get(f"/sign-in?next={wanted}").submit("#sign-in", email=email, password=PASSWORD)


def give(page: Page, code: str, expect: int = 200) -> Page:
    """Write a code where it is asked for."""
    return page.submit("Conferma", expect, proof_code=code)


def organisation_page(page: Page) -> str:
    """The address of the one organisation of whoever is signed in."""
    return str(page.get("/account").tree.xpath("//main//a[contains(@href, '/organisations/')]/@href")[0])


# ---- half sessions ----


def test_a_password_alone_opens_nothing_to_staff(page, officer, clock):
    password(page, officer)
    assert page.url.startswith("/second-factor?next=/manage/calls")
    for path in ("/desk", "/manage/calls", "/account", "/account/sessions", "/account/second-factor/app"):
        assert page.get(path).url.startswith("/second-factor"), path
    page.get("/calls")
    assert page.tree.xpath("//header//a[@href='/sign-in']"), "a visitor, as far as public pages know"
    page.get("/desk", 401, htmx=True)
    assert page.response.headers["HX-Redirect"].startswith("/second-factor")
    assert page.get("/sign-in").url.startswith("/second-factor")
    give(page, app_code(clock()))
    assert page.url == "/desk"
    page.get("/manage/calls")


def test_the_code_leads_on_to_the_page_that_was_asked_and_changes_the_token(page, officer, clock, store):
    password(page, officer)
    half = page.client.get_cookie("session").value
    give(page, app_code(clock()))
    assert page.url == "/manage/calls"
    assert page.client.get_cookie("session").value != half
    with store() as session:
        assert session.scalars(select(WebSession)).one().strong_at == clock()
        assert list(verify(session)) == []
    page.client.set_cookie("session", half)
    assert page.get("/manage/calls").url.startswith("/second-factor"), "the former token opens what it opened before"
    clock.advance(seconds=61)
    assert page.get("/manage/calls").url.startswith("/sign-in"), "and after a minute nothing"


def test_signing_out_ends_a_half_session(page, officer, store, now):
    password(page, officer)
    page.submit("Non sono io: esci")
    with store() as session:
        assert session.scalars(select(WebSession)).one().ended_at == now


def test_a_role_granted_in_the_middle_of_a_session_asks_at_the_next_request(page, owner, store, now, clock):
    sign_in(page, owner)
    with store() as session:
        person = session.scalars(select(Person)).one()
        session.scalars(select(WebSession)).one().strong_at = None
        authority = make_authority(session)
        session.add(RoleGrant(person_id=person.id, role=Role.OFFICER, authority_id=authority.id, since=now))
    assert page.get("/desk").url.startswith("/second-factor")
    assert page.shows("Imposta un secondo fattore")
    page.get("/desk", 401, htmx=True)


# ---- codes of an app ----


def test_a_code_is_taken_once_and_one_step_early_or_late(page, visitors, officer, clock):
    give(password(page, officer), app_code(clock()))
    other = password(visitors(), officer)
    give(other, app_code(clock()), 422)
    assert other.shows(WRONG)
    give(other, app_code(clock(), step=-1), 422)
    give(other, app_code(clock(), step=2), 422)
    give(other, app_code(clock(), step=1))
    assert other.url == "/manage/calls"
    third = password(visitors(), officer)
    clock.advance(seconds=60)
    give(third, app_code(clock(), step=-1), 422)
    give(third, app_code(clock()))


def test_five_wrong_codes_close_that_sign_in_for_a_while_and_no_other(page, visitors, officer, clock, store):
    password(page, officer)
    for _ in range(5):
        give(page, "000000", 422)
    give(page, app_code(clock()), 429)
    assert page.shows("Troppi codici sbagliati. Una passkey, o uno dei codici di recupero, apre comunque")
    owner = password(visitors(), officer)
    give(owner, app_code(clock()))
    assert owner.url == "/manage/calls", "whoever has only the password does not shut the owner out"
    clock.advance(minutes=15, seconds=1)
    give(page, app_code(clock()))
    with store() as session:
        assert session.scalars(select(SignInFailure)).all() == []


def test_twenty_wrong_codes_close_codes_of_the_person_and_recovery_codes_open(page, visitors, officer, clock):
    for _ in range(4):
        thief = password(visitors(), officer)
        for _ in range(5):
            give(thief, "000000", 422)
    give(password(page, officer), app_code(clock()), 429)
    page.submit("Usa il codice di recupero", proof_recovery=RECOVERY)
    assert page.url == "/manage/calls"


def test_five_wrong_recovery_codes_leave_the_app_to_its_owner(page, officer, clock):
    password(page, officer)
    for _ in range(5):
        page.submit("Usa il codice di recupero", 422, proof_recovery="AAAA BBBB CCCC DDDD")
    page.submit("Usa il codice di recupero", 429, proof_recovery=RECOVERY)
    give(page, app_code(clock()))
    assert page.url == "/manage/calls"


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00", "0" * 5000, "\ud800"])
def test_what_is_no_code_is_said_to_be_wrong(page, officer, code):
    password(page, officer)
    page.post("/second-factor", 422, proof_code=code.encode("utf-8", "replace").decode())
    assert page.get("/manage/calls").url.startswith("/second-factor")


def test_blanks_in_a_code_do_not_matter(page, officer, clock):
    code = app_code(clock())
    give(password(page, officer), f" {code[:3]} {code[3:]} ")
    assert page.url == "/manage/calls"


# ---- recovery codes ----


def test_a_recovery_code_opens_once_and_its_owner_is_told(page, visitors, officer, store):
    password(page, officer).submit("Usa il codice di recupero", proof_recovery="abcd-efgh-ijkl-mnop")
    assert page.url == "/manage/calls"
    other = password(visitors(), officer)
    assert "Usa il codice di recupero" not in other.html, "none is left"
    other.post("/second-factor", 422, proof_recovery=RECOVERY)
    with store() as session:
        assert session.scalars(select(RecoveryCode)).one().used_at is not None
        assert session.scalars(select(Notice)).one().text["it"] == "Un codice di recupero ha aperto l'account"
        mail = session.scalars(select(OutgoingMail)).one()
        assert (mail.recipient, mail.subject) == (officer, "Un codice di recupero ha aperto l'account")
        assert "Restano 0 codici" in mail.body


# ---- what is kept ----


def test_the_sealed_key_opens_to_nobody_else(store, officer):
    with store() as session:
        assert KEY not in session.scalars(select(Totp)).one().sealed_secret


def test_another_secret_key_makes_a_code_wrong_and_leaves_recovery_codes_good(page, officer, clock, app, store):
    with store() as session:
        session.scalars(select(Totp)).one().sealed_secret = "gAAAAAB-not-ours"
    password(page, officer)
    give(page, app_code(clock()), 422)
    page.submit("Usa il codice di recupero", proof_recovery=RECOVERY)
    assert page.url == "/manage/calls"


def test_statements_for_session_and_person_stay_two(page, officer, statements):
    sign_in(page, officer)
    with statements() as seen:
        page.get("/second-factor")
    mine = [line for line in seen if any(table in line for table in ("web_session", "role_grant", "tie", "totp"))]
    assert len(mine) <= 3, mine


def test_a_code_that_was_seen_a_while_ago_is_no_use(page, officer, clock):
    password(page, officer)
    seen = app_code(clock())
    clock.advance(seconds=91)
    give(page, seen, 422)
    assert page.get("/manage/calls").url.startswith("/second-factor")
