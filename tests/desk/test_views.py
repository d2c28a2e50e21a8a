"""The first screen after signing in: what to do, what is under way, what is new."""

from datetime import timedelta

import pytest

from portal.access.policy import Role
from portal.applications.rules import ApplicationStatus
from portal.notices.operations import notify
from tests.factories.base import make_application, make_authority, make_call, make_organisation, make_person, sign_in
from tests.factories.house import make_house

MOST_STATEMENTS = 12
"""For every role, whatever the number of rows: applications, grants, the gates of their tranches."""
ROLES = sorted(role for role in Role if role not in (Role.VISITOR, Role.PERSON))


def applicant(store, now, organisations: int = 1, applications: int = 1) -> str:
    """Somebody with organisations and drafts, and news."""
    with store() as session:
        authority = make_authority(session)
        person = make_person(session, now=now, name="Ada Losacco")
        call = make_call(session, authority, now=now, closes=timedelta(days=2))
        for number in range(organisations):
            mine = make_organisation(session, now=now, owner=person, name=f"Associazione {number}")
            make_application(session, call, mine, now=now, title=f"Orto {number}")
        told = {"it": "Benvenuta", "en": "Welcome"}
        notify(session, people=[person.id, person.id], text=told, path="/calls", now=now)
        return person.email


def test_a_person_without_anything_is_told_how_to_begin(page, store, now):
    with store() as session:
        email = make_person(session, now=now).email
    sign_in(page, email)
    assert page.url == "/desk"
    assert page.shows("Iniziare dalla propria organizzazione o dal proprio gruppo")
    assert page.shows("Ancora nessuna novità.")


def test_the_desk_of_an_applicant_leads_to_the_form_of_each_step(page, store, now):
    sign_in(page, applicant(store, now))
    assert page.heading == "Buongiorno, Ada Losacco"
    assert page.shows("Orto 0")
    assert page.shows("fra 2 giorni")
    assert page.shows("Associazione 0")
    assert page.text.count("Benvenuta") == 1
    links = set(page.tree.xpath("//main//a/@href"))
    assert any(link.startswith("/applications/") for link in links)


def test_the_menu_shows_what_the_person_may_open(page, store, now):
    sign_in(page, applicant(store, now))
    menu = page.tree.xpath("//nav[@aria-label='Menu della scrivania']//a/@href")
    assert menu == ["/desk", "/"]


@pytest.mark.parametrize("role", ROLES)
def test_every_line_of_the_menu_opens(page, store, now, role):
    with store() as session:
        email = make_person(session, now=now, roles=(role,), authority=make_authority(session)).email
    sign_in(page, email)
    assert page.shows("Comune di Bari")
    for path in page.tree.xpath("//nav[@aria-label='Menu della scrivania']//a/@href"):
        page.get(path)


@pytest.mark.parametrize("applications", [1, 6])
def test_the_desk_asks_the_database_little_whatever_it_shows(page, store, now, statements, applications):
    sign_in(page, applicant(store, now, organisations=applications))
    with statements() as sent:
        page.get("/desk")
    assert len(sent) <= MOST_STATEMENTS, "\n".join(sent)


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.ADMINISTRATOR, "/admin"),
        (Role.AUDITOR, "/manage/trail"),
        (Role.DATA_PROTECTION_OFFICER, "/manage/privacy"),
        (Role.FINANCE_MAKER, "/finance"),
    ],
)
def test_an_empty_desk_leads_to_where_the_person_works(page, store, now, role, path):
    with store() as session:
        email = make_person(session, now=now, roles=(role,), authority=make_authority(session)).email
    sign_in(page, email)
    assert page.tree.xpath("//main//*[contains(@class, 'v-empty')]//a/@href") == [path]


def test_what_was_withdrawn_is_not_under_way(page, store, now):
    with store() as session:
        person = make_person(session, now=now)
        mine = make_organisation(session, now=now, owner=person)
        call = make_call(session, make_authority(session), now=now)
        make_application(session, call, mine, now=now, title="Ritirata", status=ApplicationStatus.WITHDRAWN)
        email = person.email
    sign_in(page, email)
    assert not page.shows("Ritirata")


def test_the_desk_of_everybody_around_a_grant_asks_little_too(page, store, now, statements):
    with store() as session:
        house = make_house(session, now=now, code="uno")
        emails = {role: person.email for role, person in house.people.items()}
    for role, email in emails.items():
        sign_in(page, email)
        with statements() as sent:
            page.get("/desk")
        assert len(sent) <= MOST_STATEMENTS, f"{role}: {len(sent)}\n" + "\n".join(sent)
        page.submit("/sign-out")
