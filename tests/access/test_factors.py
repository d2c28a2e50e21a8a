"""Setting second factors up and managing them: recovery codes once, the last one of staff stays, nothing unseen."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access.models import Person, RecoveryCode, Totp
from portal.access.operations.factors import offer_app
from portal.access.policy import Role
from portal.access.rules.passkeys import kept_challenge, usable_challenge
from portal.core.audit import AuditEvent
from portal.core.audit.verification import verify
from portal.core.mail import OutgoingMail
from tests.access.test_second_factor import give, password
from tests.factories.base import PASSWORD, make_authority, make_organisation, make_person, sign_in
from tests.factories.second_factor import RECOVERY, address_code, app_code, give_app, give_passkey
from tests.page import Page


@pytest.fixture
def officer(store, now) -> str:
    """An officer with an app."""
    with store() as session:
        person = make_person(session, now=now, name="Marta", roles=(Role.OFFICER,), authority=make_authority(session))
        return give_app(session, person, now=now).email


@pytest.fixture
def newcomer(store, now) -> str:
    """An officer who has set nothing up yet."""
    with store() as session:
        return make_person(
            session, now=now, roles=(Role.OFFICER,), authority=make_authority(session, code="roma")
        ).email


@pytest.fixture
def owner(store, now) -> str:
    """Somebody who represents an organisation, without a second factor."""
    with store() as session:
        person = make_person(session, now=now, name="Ada", email="ada@prova.example")
        make_organisation(session, now=now, owner=person, name="Il Ponte")
        return person.email


# ---- setting up ----


def code_in_mail(store) -> str:
    """The code of the last message."""
    with store() as session:
        return address_code(session)


def show_address(page: Page, store) -> Page:
    """Ask for the code that goes to the address, and write it."""
    assert page.url.startswith("/account/second-factor/address")
    return page.submit("#send-code").submit("#address-code", code=code_in_mail(store))


def key_on(page: Page) -> str:
    """The key that the page shows for an app."""
    return "".join(page.tree.get_element_by_id("key").text_content().split())


def test_staff_without_a_factor_set_one_up_on_the_way_in(page, newcomer, clock, store):
    password(page, newcomer)
    assert page.url.startswith("/second-factor?next=/manage/calls")
    page.click("Imposta un'app")
    show_address(page, store)
    assert page.tree.xpath("//main//img/@src")[0].startswith("data:image/svg+xml")
    key = key_on(page)
    page.submit("#app", 422, code="000000")
    assert key_on(page) == key, "the same key as long as the page is tried"
    page.submit("#app", code=app_code(clock(), key=key))
    codes = [each.text for each in page.tree.xpath("//ul[@id='codes']/li")]
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([A-Z2-7]{4} ){3}[A-Z2-7]{4}", code) for code in codes)
    page.click("Li ho conservati: continua")
    assert page.url == "/manage/calls"
    with store() as session:
        app = session.scalars(select(Totp)).one()
        assert key not in app.sealed_secret
        hashes = session.scalars(select(RecoveryCode.code_hash)).all()
        assert not set(hashes) & {code.replace(" ", "") for code in codes}
        events = session.scalars(select(AuditEvent.event).where(AuditEvent.subject_type == "person")).all()
        assert "second_factor.app_added" in events
        assert {mail.recipient for mail in session.scalars(select(OutgoingMail))} == {newcomer}
        assert list(verify(session)) == []


def test_sent_twice_the_first_code_shows_the_recovery_codes_once(page, newcomer, clock, store):
    show_address(password(page, newcomer).click("Imposta un'app"), store)
    values = dict(page._form("#app")[0].form_values()) | {"code": app_code(clock(), key=key_on(page))}
    page.post("/account/second-factor/app", **values)
    assert page.heading == "Ecco i codici di recupero"
    page.post("/account/second-factor/app", **(values | {"csrf_token": page.csrf_token}))
    assert page.url.startswith("/manage/calls")


def test_the_key_of_somebody_else_and_an_old_one_are_replaced_by_a_new_one(
    page, visitors, newcomer, owner, clock, store
):
    other = sign_in(visitors(), owner).get("/account/second-factor/app")
    stolen, key = other.field("sealed").get("value"), key_on(other)
    show_address(password(page, newcomer).get("/account/second-factor/app"), store)
    page.post("/account/second-factor/app", 422, sealed=stolen, code=app_code(clock(), key=key))
    assert page.shows("La pagina è rimasta aperta troppo a lungo")
    assert key_on(page) != key


def test_a_first_factor_long_after_signing_in_needs_the_password(page, owner, clock, store):
    sign_in(page, owner)
    clock.advance(minutes=11)
    show_address(page.get("/account/second-factor/app"), store)
    key = key_on(page)
    page.submit("#app", 422, code=app_code(clock(), key=key), current="sbagliata-del-tutto")
    with store() as session:
        assert session.scalars(select(Totp)).all() == []
    page.submit("#app", code=app_code(clock(), key=key), current=PASSWORD)
    assert page.heading == "Ecco i codici di recupero"


def test_whoever_set_one_up_is_asked_for_it_at_the_next_sign_in(page, visitors, owner, clock, store):
    sign_in(page, owner).get("/account/second-factor/app")
    key = key_on(page)
    page.submit("#app", code=app_code(clock(), key=key))
    other = password(visitors(), owner, "/desk")
    assert other.url.startswith("/second-factor")
    give(other, app_code(clock(), step=1, key=key))
    assert other.url == "/desk"


# ---- the first one is for whoever reads the mail of the account ----


def test_a_stolen_password_alone_sets_nothing_up(page, newcomer, clock, store):
    password(page, newcomer)
    for path in ("/account/second-factor/app", "/account/second-factor/passkeys"):
        assert page.get(path).url.startswith("/account/second-factor/address?next=/account/second-factor/"), path
    with store() as session:
        person = session.scalars(select(Person).where(Person.email == newcomer)).one()
        key, sealed = offer_app(person_id=person.id)
    page.post("/account/second-factor/app", 409, sealed=sealed, code=app_code(clock(), key=key))
    page.post("/account/second-factor/passkeys", 409, name="ladro", answer="{}")
    page.get("/account/second-factor/address").submit("#send-code").submit("#address-code", 422, code="00000000")
    with store() as session:
        assert session.scalars(select(Totp)).all() == []
    assert page.get("/desk").url.startswith("/second-factor")


def test_the_code_works_in_the_session_that_asked_for_a_quarter_of_an_hour(page, visitors, newcomer, clock, store):
    owner, thief = password(page, newcomer), password(visitors(), newcomer)
    owner.get("/account/second-factor/address").submit("#send-code")
    code = code_in_mail(store)
    thief.get("/account/second-factor/address").submit("#send-code")
    thief.submit("#address-code", 422, code=code)
    thief.post("/account/second-factor/address/code", 422, code=code, sealed=owner.field("sealed").get("value"))
    clock.advance(minutes=15, seconds=1)
    owner.submit("#address-code", 422, code=code)
    owner.submit("#send-code")
    owner.submit("#address-code", code=code_in_mail(store))
    clock.advance(minutes=15, seconds=1)
    assert owner.get("/account/second-factor/app").url.startswith("/account/second-factor/address")


def test_codes_are_neither_tried_nor_sent_without_end(page, newcomer, clock, store, nothing_changes):
    password(page, newcomer).get("/account/second-factor/address")
    for _ in range(5):
        page.submit("#send-code")
    for _ in range(5):
        page.submit("#address-code", 422, code="00000000")
    right = code_in_mail(store)
    with nothing_changes():
        page.submit("#address-code", 429, code=right)
        page.submit("#send-code", 429)
    assert page.get("/account/second-factor/app").url.startswith("/account/second-factor/address")


# ---- managing ----


def test_factors_are_changed_only_by_a_fresh_one(page, officer, clock):
    sign_in(page, officer).get("/account/second-factor")
    clock.advance(minutes=11)
    page.get("/account/second-factor/app")
    assert page.url.startswith("/second-factor?next=/account/second-factor/app")
    give(page, app_code(clock()))
    assert page.url == "/account/second-factor/app"
    clock.advance(minutes=11)
    page.get("/account/second-factor").submit("Crea nuovi codici di recupero", 401)
    give(page, app_code(clock()))
    assert page.heading == "Ecco i codici di recupero", "one form, one effect"


def test_the_last_factor_of_staff_stays_and_everybody_else_may_remove_it(page, visitors, officer, owner, store, now):
    sign_in(page, officer).get("/account/second-factor")
    assert "Rimuovi l'app" not in page.html
    page.post("/account/second-factor/app/remove", 409)
    assert page.shows("imposta")
    with store() as session:
        give_app(session, session.scalars(select(Person).where(Person.email == owner)).one(), now=now)
    free = sign_in(visitors(), owner).get("/account/second-factor")
    free.submit("Rimuovi l'app")
    assert free.shows("L'app è stata rimossa")
    with store() as session:
        person = session.scalars(select(Person).where(Person.email == owner)).one()
        assert session.scalars(select(RecoveryCode).where(RecoveryCode.person_id == person.id)).all() == []
    free.get("/desk")


def test_new_recovery_codes_void_the_old_ones(page, officer, visitors, store):
    sign_in(page, officer).get("/account/second-factor").submit("Crea nuovi codici di recupero")
    fresh = page.tree.xpath("//ul[@id='codes']/li")[0].text
    other = password(visitors(), officer)
    other.submit("Usa il codice di recupero", 422, proof_recovery=RECOVERY)
    other.submit("Usa il codice di recupero", proof_recovery=fresh)
    assert other.url == "/manage/calls"


# ---- passkeys ----

HOSTILE = [
    "", "null", "[]", "{}", "0", "{", "\x00", '{"id": 7}', '{"id": "é"}', '{"id": "portatile"}', "[" * 5000,
    '{"id": "a", "rawId": "!", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}',
    '{"id": "a", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "bnVsbA", "userHandle": 3}}',
    "{" + '"id": "' + "a" * 9000 + '"}',
]  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE)
def test_an_answer_that_no_passkey_gave_is_refused_whatever_it_holds(
    page, visitors, officer, store, now, answer, nothing_changes
):
    with store() as session:
        person = session.scalars(select(Person)).one()
        give_passkey(session, person, now=now)
    password(page, officer).post("/second-factor/passkey")
    with nothing_changes():
        page.get("/desk").post("/second-factor", 422, proof_passkey=answer)
    assert page.get("/desk").url.startswith("/second-factor")
    able = sign_in(visitors(), officer)
    able.post("/account/second-factor/passkeys/options")
    with nothing_changes():
        able.get("/account/second-factor/passkeys")
        able.post("/account/second-factor/passkeys", 422, name="x", answer=answer)


def test_the_options_name_this_host_and_ask_to_verify_the_person(page, officer, store, now):
    with store() as session:
        give_passkey(session, session.scalars(select(Person)).one(), now=now)
    sign_in(page, officer)
    headers = {"Sec-Fetch-Site": "same-origin", "X-CSRFToken": page.csrf_token}
    made = page.client.post("/account/second-factor/passkeys/options", headers=headers).json
    asked = page.client.post("/second-factor/passkey", headers=headers).json
    assert (made["rp"]["id"], asked["rpId"]) == ("localhost", "localhost")
    assert made["authenticatorSelection"]["userVerification"] == asked["userVerification"] == "required"
    assert len(made["excludeCredentials"]) == len(asked["allowCredentials"]) == 1
    assert made["challenge"] != asked["challenge"]


def test_a_challenge_serves_one_purpose_once_and_for_five_minutes(now):
    kept = kept_challenge("sign", b"\x01" * 32, now)
    assert usable_challenge(kept, "sign", now + timedelta(minutes=5)) == b"\x01" * 32
    assert usable_challenge(kept, "make", now) is None
    assert usable_challenge(kept, "sign", now + timedelta(minutes=5, seconds=1)) is None
    assert usable_challenge(None, "sign", now) is None


def test_ones_own_passkey_is_removed_and_nobody_elses(page, visitors, officer, owner, store, now):
    with store() as session:
        mine = give_passkey(session, session.scalars(select(Person).where(Person.email == officer)).one(), now=now).id
    sign_in(visitors(), owner).post(f"/account/second-factor/passkeys/{mine}/remove", 404)
    sign_in(page, officer).get("/account/second-factor").submit(f"/account/second-factor/passkeys/{mine}/remove")
    assert page.shows("La passkey è stata rimossa.")
    with store() as session:
        told = session.scalars(select(OutgoingMail.subject)).all()
    assert told == ["Una passkey è stata tolta dai secondi fattori"]
