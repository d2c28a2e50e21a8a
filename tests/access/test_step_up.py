"""The gravest acts ask for a second factor in the middle: nothing typed is lost, one form is one effect."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from portal.access.models import BankDetails, Organisation, Person, WebSession
from portal.access.policy import FRESH, STRONG, Action, lacks_proof
from portal.core.audit import AuditEvent
from tests.access.test_factors import show_address
from tests.factories.base import PASSWORD, make_organisation, make_person, sign_in
from tests.factories.second_factor import RECOVERY, app_code, give_app
from tests.page import Page

IBAN = "IT60X0542811101000000123456"
HOLDER = 'Il Ponte "di Japigia" & C. – è sì\nseconda riga <b>'


@pytest.fixture
def owner(store, now) -> str:
    """Somebody who represents an organisation, with an app."""
    with store() as session:
        person = make_person(session, now=now, name="Ada")
        make_organisation(session, now=now, owner=person)
        return give_app(session, person, now=now).email


@pytest.fixture
def without(store, now) -> str:
    """The same without a second factor."""
    with store() as session:
        person = make_person(session, now=now, name="Bice")
        make_organisation(session, now=now, owner=person)
        return person.email


@pytest.fixture
def account_page(store):
    """The address of the form of the account to be paid: a fresh second factor is needed."""

    def found() -> str:
        with store() as session:
            return f"/organisations/{session.scalars(select(Organisation.id)).one()}/bank-details"

    return found


def proposed(store) -> list[str]:
    """The holders of the accounts that were proposed."""
    with store() as session:
        return list(session.scalars(select(BankDetails.holder)))


def carried(page: Page) -> dict[str, str]:
    """What the form in this page carries along."""
    return {each.get("name"): each.get("value") for each in page.tree.xpath("//main//form//input[@type='hidden']")}


@pytest.mark.parametrize("action", sorted(Action))
def test_what_needs_a_second_factor_and_how_fresh(action, now):
    def lacks(minutes: int | None, *, has_factor: bool = True) -> bool:
        given = None if minutes is None else now - timedelta(minutes=minutes)
        return lacks_proof(action, has_factor=has_factor, strong_at=given, now=now)

    assert (lacks(0), lacks(10), lacks(11)) == (False, False, action in FRESH)
    assert lacks(None) == (action in FRESH | STRONG)
    assert lacks(None, has_factor=False) == (action in (FRESH | STRONG) - {Action.FACTORS_MANAGE})


def test_a_form_sent_late_goes_on_by_itself_after_the_code(page, owner, account_page, clock, store):
    sign_in(page, owner).get(account_page())
    clock.advance(minutes=11)
    key = "a-key-of-this-form"
    page.post(account_page(), 401, iban=IBAN, holder=HOLDER, idempotency_key=key)
    assert page.heading == "Conferma dell'identità"
    assert carried(page) | {"csrf_token": ""} == {
        "csrf_token": "", "idempotency_key": key, "iban": IBAN, "holder": HOLDER
    }  # fmt: skip
    assert proposed(store) == []
    page.submit("Conferma", 422, proof_code="000000")
    assert (carried(page)["holder"], carried(page)["idempotency_key"]) == (HOLDER, key)
    page.submit("Conferma", proof_code=app_code(clock()))
    assert len(proposed(store)) == 1
    page.post(account_page(), iban=IBAN, holder=HOLDER, idempotency_key=key, proof_code="999999")
    assert len(proposed(store)) == 1, "sent once more, it is still the same form"


def test_a_fresh_second_factor_lasts_ten_minutes(page, owner, account_page, clock, store):
    sign_in(page, owner)
    clock.advance(minutes=10)
    page.get(account_page())
    page.post(account_page(), iban=IBAN, holder="Il Ponte")
    clock.advance(seconds=1)
    page.get(account_page())
    assert page.url.startswith("/second-factor?next=/organisations/")
    page.submit("Conferma", proof_code=app_code(clock()))
    assert page.url == account_page()


def test_a_recovery_code_serves_in_the_middle_too(page, owner, account_page, clock, store):
    sign_in(page, owner)
    clock.advance(minutes=11)
    page.get("/desk").post(account_page(), 401, iban=IBAN, holder="Il Ponte")
    page.submit("Usa il codice di recupero", proof_recovery=RECOVERY)
    assert proposed(store) == ["Il Ponte"]


def test_htmx_is_told_to_send_the_form_again_as_a_page(page, owner, account_page, clock, store):
    sign_in(page, owner)
    clock.advance(minutes=11)
    page.get("/desk").post(account_page(), 401, htmx=True, iban=IBAN, holder="Il Ponte")
    assert page.response.headers["Session-Confirm"] == "form"
    assert "HX-Redirect" not in page.response.headers, "leaving the page would cost what was typed"
    page.get(account_page(), 401, htmx=True)
    assert page.response.headers["HX-Redirect"].startswith("/second-factor")


def test_without_a_factor_the_form_waits_until_one_is_set_up_elsewhere(page, without, account_page, clock, store):
    sign_in(page, without)
    with store() as session:
        session.scalars(select(WebSession)).one().strong_at = None
    page.get("/desk").post(account_page(), 401, iban=IBAN, holder=HOLDER)
    assert page.heading == "Prima va impostato un secondo fattore"
    other = show_address(Page(page.client).get("/account/second-factor/app"), store)
    key = "".join(other.tree.get_element_by_id("key").text_content().split())
    other.submit("#app", code=app_code(clock(), key=key))
    page.submit("Invia di nuovo quanto scritto")
    assert len(proposed(store)) == 1


def test_files_are_chosen_again_and_nothing_is_done_without_them(page, owner, account_page, clock, store):
    sign_in(page, owner)
    clock.advance(minutes=11)
    file = (BytesIO(b"%PDF-1.4"), "estratto conto.pdf")
    page.get("/desk").post(account_page(), 401, iban=IBAN, holder="Il Ponte", proof=file)
    assert page.shows("Scegliere di nuovo: estratto conto.pdf")
    page.submit("Conferma", 422, proof_code=app_code(clock()))
    assert page.shows("Scegliere di nuovo: estratto conto.pdf")
    assert proposed(store) == []
    page.submit("Invia di nuovo quanto scritto", proof=(BytesIO(b"%PDF-1.4"), "estratto conto.pdf"))
    assert proposed(store) == ["Il Ponte"]


def test_whoever_has_no_right_is_refused_before_being_asked(page, owner, clock):
    sign_in(page, owner)
    clock.advance(minutes=11)
    page.get("/desk").post("/finance/orders", 403)
    assert not page.tree.xpath("//*[@name='proof_code']")


def test_the_second_factor_is_written_in_the_trail(page, owner, account_page, clock, store):
    sign_in(page, owner)
    clock.advance(minutes=11)
    page.get(account_page()).submit("Conferma", proof_code=app_code(clock()))
    with store() as session:
        found = session.scalars(select(AuditEvent).where(AuditEvent.event == "second_factor.given")).one()
        assert found.after == {"proof": "app"}
        assert found.actor_id == session.scalars(select(Person.id)).one()


# ---- text survives an expiry ----


def test_whatever_was_typed_when_the_session_ended_comes_back_and_is_sent_after_signing_in(page, without, clock, store):
    sign_in(page, without).get("/organisations/new")
    clock.advance(hours=3)
    page.post(
        "/organisations/new", 401, name="Gruppo Cortile", mission="Prima riga\nseconda", password="segreta-davvero"
    )
    fields = carried(page)
    assert (fields["name"], fields["mission"]) == ("Gruppo Cortile", "Prima riga\nseconda")
    assert "segreta-davvero" not in page.html
    other = Page(page.client).get("/sign-in")
    other.submit("#sign-in", email=without, password=PASSWORD)
    page.submit("Invia di nuovo quanto scritto", 422)
    assert page.field("name").get("value") == "Gruppo Cortile", "the form itself says what is missing"


def test_a_form_without_any_text_leads_to_sign_in(page):
    page.post("/account/sessions/end-others")
    assert page.url.startswith("/sign-in")


def test_the_tokens_of_forms_are_not_carried_over_to_somebody_else(page, without, owner, clock):
    sign_in(page, without).get("/organisations/new")
    token = page.csrf_token
    clock.advance(hours=3)
    Page(page.client).get("/sign-in").submit("#sign-in", email=owner, password=PASSWORD)
    page.post("/organisations/new", 400, csrf_token=token, name="Gruppo Cortile")
    assert carried(page)["name"] == "Gruppo Cortile", "and yet nothing typed is lost"
    page.post("/organisations/new", 400, htmx=True, csrf_token=token, name="Gruppo Cortile")
