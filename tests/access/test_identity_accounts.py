"""Whoever comes with SPID or CIE for the first time, and whoever links an identity to an account they have."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from portal.access.identity_checks import broken
from portal.access.models import Authority, ExternalIdentity, IdentityProvider, Person
from portal.access.operations import identity
from portal.access.operations.signing_in import NO_PASSWORD, check_password
from portal.access.queries.accounts import LinkOver
from portal.access.queries.identity import identities_linked
from portal.access.rules.identity import Claim, IdentityTaken, NotOpen, ProviderFault
from portal.core.actor import ANONYMOUS
from portal.core.audit import AuditEvent
from portal.core.errors import Invalid, NotFound
from portal.core.unit_of_work import unit_of_work
from tests.engines import both_engines
from tests.factories.accounts import answer_requests, link_to, mails_to
from tests.factories.base import as_actor, make_authority, make_person, sign_in
from tests.factories.provider import MARTA, come_back, make_provider

LINKING = "/account/identity/with/bari/spid"
CLAIM = Claim("https://spid.bari.example", "marta", MARTA, "Marta Rossi", "", is_strong=False)
OTHER = "RSSMRA85T10A562S"


def open_account(session, token, now, *, claim=CLAIM, name=""):
    return identity.open_account(
        session, token=token, claim=claim, name=name, locale="it", user_agent="", actor=ANONYMOUS, now=now
    )


def come_in(session, claim, now):
    return identity.sign_in_with_claim(session, claim=claim, user_agent="", actor=ANONYMOUS, now=now)


def linked(session, person, now, claim=CLAIM):
    return identity.link_identity(session, claim=claim, actor=as_actor(session, person, now=now), now=now)


def ask_as(session, address, now):
    identity.ask_for_account(session, email=address, locale="it", now=now)
    answer_requests(session, now=now)


# ---- somebody new ----


def test_somebody_new_opens_an_account_by_a_link_in_the_same_browser(page, visitors, store, bari, provider, clock):
    provider.knows("new", fiscal_number=f"TINIT-{OTHER}", given_name="Mario", family_name="Rossi")
    come_back(page, provider, "new")
    assert page.led_to == ["/sign-in/new-person"]
    page.submit("#new-person", email="Mario@prova.example")
    with store() as session:
        assert session.scalars(select(Person).where(Person.name == "Mario Rossi")).all() == []
        answer_requests(session, now=clock())
        link = link_to(session, "mario@prova.example")
    elsewhere = visitors().get(link, 422)
    assert not elsewhere.tree.xpath("//form[@id='open-account']")
    page.get(link).submit("#open-account")
    assert page.led_to == ["/desk"]
    with store() as session:
        person = session.scalars(select(Person).where(Person.email == "mario@prova.example")).one()
        assert (person.name, person.password_hash) == ("Mario Rossi", NO_PASSWORD)
        assert session.scalars(
            select(ExternalIdentity.fiscal_number).where(ExternalIdentity.person_id == person.id)
        ).all() == [OTHER]
        assert check_password(person=person, password="!") is None
    page.get(link, 410)
    page.post("/sign-out")
    come_back(page, provider, "new")
    assert page.led_to == ["/desk"]


def test_an_address_with_an_account_gets_no_link_and_the_page_says_the_same(page, store, bari, provider, clock):
    provider.knows("new", fiscal_number=f"TINIT-{OTHER}")
    texts = []
    for address in ("marta@prova.example", "nobody@prova.example"):
        come_back(page, provider, "new")
        texts.append(page.submit("#new-person", email=address).text)
    assert texts[0] == texts[1]
    with store() as session:
        answer_requests(session, now=clock())
        assert "/sign-in/new-person/" not in mails_to(session, "marta@prova.example")[-1].body
        assert session.scalar(select(func.count(ExternalIdentity.id))) == 1


@pytest.mark.parametrize("address", ["", "no address", "à@b.it", "a@b.it, c@d.it"])
def test_a_wrong_address_is_named_and_stays(page, bari, provider, address):
    provider.knows("new", fiscal_number=f"TINIT-{OTHER}")
    come_back(page, provider, "new")
    page.submit("#new-person", 422, email=address)
    assert page.field("email").get("value") == address


@pytest.mark.parametrize("path", ["/sign-in/new-person", "/account/identity"])
def test_without_an_answer_of_a_provider_nothing_is_opened_or_linked(page, store, bari, path, now):
    if path.startswith("/account"):
        sign_in(page, "marta@prova.example")
    page.post(path, 422, email="a@prova.example")
    with store() as session:
        assert session.scalar(select(func.count(ExternalIdentity.id))) == 1


def test_a_name_that_the_provider_did_not_say_is_asked(session, now):
    token = link_after(session, "mario@prova.example", now)
    nameless = replace(CLAIM, name="")
    with pytest.raises(Invalid):
        open_account(session, token, now, claim=nameless, name="  ")
    _, person_id = open_account(session, token, now, claim=nameless, name="Mario \u202e Verdi")
    assert session.get_one(Person, person_id).name == "Mario Verdi"


def link_after(session, address, now):
    ask_as(session, address, now)
    return link_to(session, address).rsplit("/", 1)[1]


def test_an_address_or_number_that_got_an_account_meanwhile_is_refused(session, now):
    first, second = (link_after(session, address, now) for address in ("a@prova.example", "b@prova.example"))
    make_person(session, now=now, email="a@prova.example")
    with pytest.raises(LinkOver):
        open_account(session, first, now)
    linked(session, make_person(session, now=now), now)
    with pytest.raises(IdentityTaken):
        open_account(session, second, now)


# ---- an account that is there already ----


def test_an_identity_is_linked_by_whoever_is_signed_in_and_only_by_a_button(page, store, bari, provider, clock):
    with store() as session:
        make_person(session, now=clock(), email="luca@prova.example")
    provider.knows("luca", fiscal_number=f"TINIT-{OTHER}")
    sign_in(page, "luca@prova.example")
    come_back(page, provider, "luca", start=LINKING)
    assert page.led_to == ["/account/identity"]
    with store() as session:
        assert session.scalar(select(func.count(ExternalIdentity.id))) == 1
    page.submit("/account/identity")
    with store() as session:
        row = session.scalars(select(ExternalIdentity).where(ExternalIdentity.subject == "luca")).one()
        assert row.fiscal_number == OTHER
        assert OTHER not in mails_to(session, "luca@prova.example")[-1].body
        events = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == row.id)).all()
    assert [event.event for event in events] == ["identity.linked"]
    page.post("/sign-out")
    come_back(page, provider, "luca")
    assert page.led_to == ["/desk"]


def test_a_number_of_another_account_is_not_linked(page, store, bari, provider, clock):
    with store() as session:
        make_person(session, now=clock(), email="luca@prova.example")
    sign_in(page, "luca@prova.example")
    come_back(page, provider, "marta", start=LINKING)
    page.submit("/account/identity", 409)
    with store() as session:
        assert session.scalars(select(ExternalIdentity.person_id)).all() == [bari.person.id]


def test_linking_that_somebody_else_began_in_this_browser_is_refused(page, store, bari, provider, clock):
    with store() as session:
        make_person(session, now=clock(), email="luca@prova.example")
    sign_in(page, "luca@prova.example")
    location = page.get(LINKING, 303).response.headers["Location"]
    with page.client.session_transaction() as kept:
        attempt = kept["identity_attempt"]
    sign_in(page, "marta@prova.example")
    with page.client.session_transaction() as kept:
        kept["identity_attempt"] = attempt
    answer = provider.agrees(location, "marta")
    page.get(answer.removeprefix("http://localhost"), 422)
    with store() as session:
        assert session.scalars(select(ExternalIdentity.person_id)).all() == [bari.person.id]


def test_one_account_has_one_fiscal_number_and_one_number_one_account(session, now):
    marta, luca = (make_person(session, now=now) for _ in range(2))
    first = linked(session, marta, now)
    assert linked(session, marta, now) is first
    with pytest.raises(IdentityTaken):
        linked(session, luca, now)
    with pytest.raises(identity.AnotherNumber):
        linked(session, marta, now, replace(CLAIM, subject="other", fiscal_number=OTHER))
    linked(session, luca, now, replace(CLAIM, subject="luca", fiscal_number=OTHER))
    with pytest.raises(IdentityTaken):
        come_in(session, replace(CLAIM, fiscal_number=OTHER), now)
    with pytest.raises(ProviderFault):
        come_in(session, replace(CLAIM, fiscal_number="VRDLGU80A01H501F"), now)


def test_an_address_alone_never_links(session, now):
    make_person(session, now=now, email="marta@prova.example")
    assert come_in(session, CLAIM, now) is None


def test_a_closed_account_is_not_opened_again(session, now):
    person = make_person(session, now=now)
    linked(session, person, now)
    person.closed_at = now
    with pytest.raises(NotOpen):
        come_in(session, CLAIM, now)


def test_the_only_way_in_is_not_removed_and_a_number_stays_with_the_others(session, now):
    person = make_person(session, now=now)
    actor = as_actor(session, person, now=now)
    first = linked(session, person, now)
    second = linked(session, person, now, replace(CLAIM, issuer="https://cie.bari.example"))
    assert second.fiscal_number is None
    person.password_hash = NO_PASSWORD
    identity.unlink_identity(session, identity_id=first.id, actor=actor, now=now)
    assert [each.fiscal_number for each in identities_linked(session, person.id)] == [MARTA]
    with pytest.raises(identity.LastWayIn):
        identity.unlink_identity(session, identity_id=second.id, actor=actor, now=now)
    with pytest.raises(NotFound):
        identity.unlink_identity(session, identity_id=first.id, actor=actor, now=now)


def test_the_nightly_check_names_what_is_wrong(session, now):
    person = make_person(session, now=now)
    row = linked(session, person, now)
    make_provider(session, make_authority(session), "https://spid.bari.example")
    assert list(broken(session)) == []
    row.fiscal_number = "RSSMRA85T50A562X"
    session.execute(update(IdentityProvider).values(sealed_secret="x"))
    session.execute(update(Authority).values(colour="#d9a441"))
    assert [line.split(" ")[0] for line in broken(session)] == ["identity", "identity", "authority"]
    row.fiscal_number = None
    assert f"person {person.id} has 0" in next(broken(session))


@both_engines
def test_two_who_link_one_number_at_once_get_it_once(app, store, now):
    with store() as session:
        actors = [as_actor(session, make_person(session, now=now), now=now) for _ in range(2)]
    barrier = Barrier(2)

    def link(actor) -> str:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                with unit_of_work() as session:
                    claim = replace(CLAIM, subject=actor.name)
                    identity.link_identity(session, claim=claim, actor=actor, now=now)
            except IdentityTaken:
                return "taken"
            return "linked"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(link, actors)) == ["linked", "taken"]
