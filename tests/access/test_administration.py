"""The pages of people and roles: whom an administrator finds, what is shown of them, what is done to an account."""

import pytest
from sqlalchemy import select

from portal.access.models import Person, RoleGrant, StaffInvitation, WebSession
from portal.access.policy import Role
from portal.core.mail import OutgoingMail
from tests.factories.base import make_person, make_staff, sign_in
from tests.factories.roles import Office, make_staff_invitation, make_stand_in

MOST_STATEMENTS = 14


@pytest.fixture
def world(store, now) -> Office:
    with store() as session:
        return Office(session, now)


def person_url(person: Person) -> str:
    return f"/admin/people/{person.id}"


def test_the_list_shows_staff_and_members_of_applicants_and_nobody_else(page, world: Office):
    sign_in(page, world.first.email)
    page.get("/admin/people")
    for name in ("Anna Adige", "Bruno Brenta", "Olga Oglio", "Mara Mincio"):
        assert page.shows(name)
    for name in ("Stefano Stura", "Nino Nera"):
        assert not page.shows(name)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=olga", {"Olga Oglio"}),
        ("q=MINC", {"Mara Mincio"}),
        ("role=officer", {"Olga Oglio"}),
        ("among=applicants", {"Mara Mincio"}),
        ("among=staff", {"Anna Adige", "Bruno Brenta", "Olga Oglio"}),
        ("q=%25", set()),
        ("q=stura", set()),
        ("role=nothing", {"Anna Adige", "Bruno Brenta", "Olga Oglio", "Mara Mincio"}),
    ],
)
def test_people_are_found_by_name_address_role_and_kind(page, world: Office, asked, found):
    sign_in(page, world.first.email)
    page.get(f"/admin/people?{asked}")
    assert set(page.tree.xpath("//table//th[@scope='row']/a/text()")) == found


def test_people_are_found_by_their_address(page, world: Office):
    sign_in(page, world.first.email)
    page.get(f"/admin/people?q={world.member.email.upper()}")
    assert page.shows("Mara Mincio")


def test_the_list_goes_on_page_by_page_without_leaving_anybody_out(page, world: Office, store, now):
    with store() as session:
        for number in range(60):
            make_staff(session, world.bari, Role.COACH, now=now, name=f"Coach {number:02d}")
    sign_in(page, world.first.email)
    names = page.get("/admin/people").tree.xpath("//table//th[@scope='row']/a/text()")
    page.get(page.tree.xpath("//a[@rel='next']/@href")[0])
    names += page.tree.xpath("//table//th[@scope='row']/a/text()")
    assert len(names) == len(set(names)) == 64


def test_the_list_asks_the_database_little_however_many_people(page, world: Office, store, now, statements):
    with store() as session:
        for _ in range(20):
            make_staff(session, world.bari, Role.COACH, now=now)
    sign_in(page, world.first.email)
    with statements() as sent:
        page.get("/admin/people")
    assert len(sent) <= MOST_STATEMENTS, "\n".join(sent)


def test_a_person_s_page_says_who_granted_confirmed_and_ended_what_and_why(page, world: Office, store, now):
    with store() as session:
        session.add(
            RoleGrant(
                person_id=world.officer.id, role=Role.FINANCE_MAKER, authority_id=world.bari.id, since=now,
                granted_by=world.first.id, confirmed_by=world.second.id, reason="Supporto alla ragioneria",
                until=now, ended_by=world.second.id, end_reason="Fine del supporto",
            )
        )  # fmt: skip
    sign_in(page, world.first.email)
    page.get(person_url(world.officer))
    for text in ("concesso da Anna Adige", "confermato da Bruno Brenta", "terminato da Bruno Brenta",
                 "Supporto alla ragioneria", "Fine del supporto", "concesso da un comando sul server"):  # fmt: skip
        assert page.shows(text), text
    page.get(person_url(world.member))
    assert page.shows("Orti di quartiere")


def test_a_person_of_another_authority_is_not_there_like_one_who_does_not_exist(page, world: Office, nothing_changes):
    sign_in(page, world.first.email)
    with nothing_changes():
        for person in (world.stranger, world.nobody):
            for path in ("", "/disable", "/enable"):
                page.get(person_url(person) + path, 404)
            page.post(person_url(person) + "/disable", 404, reason="Prova")
            page.post(person_url(person) + "/sign-out", 404)
            page.get(f"/admin/roles/new?person={person.id}", 404)


def test_of_somebody_who_works_in_two_authorities_each_shows_its_own(page, world: Office, store, now):
    with store() as session:
        session.add(RoleGrant(person_id=world.stranger.id, role=Role.COACH, authority_id=world.bari.id, since=now))
    sign_in(page, world.first.email)
    page.get(person_url(world.stranger))
    assert page.shows("coach")
    assert not page.shows("Città di Torino")
    page.get(person_url(world.stranger) + "/disable")
    page.submit("Disabilita l’account", expect=409, reason="Prova")
    assert page.shows("Il solo ente non può farlo")


# ---- granting ----


def grant(page, email: str, role: str, expect: int = 200, **more) -> None:
    page.get("/admin/roles/new")
    page.submit("#grant", expect, email=email, role=role, reason="Nuovo incarico", **more)


def test_a_finance_role_takes_two_administrators(page, visitors, world: Office):
    sign_in(page, world.first.email)
    grant(page, world.officer.email, "finance_maker")
    assert page.shows("Il ruolo è proposto")
    page.get("/admin")
    page.click("Apri: Olga Oglio")
    assert not page.tree.xpath("//form[contains(@action, '/confirm')]")
    other = visitors()
    sign_in(other, world.second.email)
    assert other.shows("Confermare un ruolo: Olga Oglio")
    other.get("/admin").click("Conferma o rifiuta: Olga Oglio")
    other.submit("Conferma questo ruolo")
    assert other.shows("concesso da Anna Adige")
    assert other.shows("confermato da Bruno Brenta")


def test_a_second_click_on_granting_grants_once(page, world: Office, store):
    sign_in(page, world.first.email)
    page.get("/admin/roles/new")
    form = dict(page.tree.xpath("//form[@id='grant']")[0].form_values())
    asked = form | {"email": world.nobody.email, "role": "coach", "reason": "Incarico"}
    for _ in range(2):
        page.post("/admin/roles/new", **asked)
    with store() as session:
        assert len(session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.nobody.id)).all()) == 1


def test_who_belongs_to_an_applicant_is_granted_a_role_after_a_warning(page, world: Office):
    sign_in(page, world.first.email)
    grant(page, world.member.email, "officer", 409)
    assert page.shows("Questa persona appartiene a Orti di quartiere")
    page.submit("#grant", knows=True)
    assert page.shows("Il ruolo è concesso")


def test_an_address_without_account_is_asked_to_register_and_then_waits_on_the_desk(page, world: Office, store, now):
    sign_in(page, world.first.email)
    grant(page, "nuova@prova.example", "officer", 422)
    page.submit("Invia un invito a registrarsi")
    assert page.shows("nuova@prova.example")
    assert not page.get("/desk").shows("si è registrato")
    with store() as session:
        mail = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == "nuova@prova.example")).one()
        assert "/register" in mail.body
        make_person(session, now=now, email="nuova@prova.example", name="Nuova Nata")
    page.get("/desk")
    page.click("Concedi un ruolo: nuova@prova.example si è registrato: concedere il ruolo")
    assert page.field("email").get("value") == "nuova@prova.example"
    page.submit("#grant", role="officer", reason="Nuovo incarico")
    assert page.shows("Nuova Nata")
    assert not page.get("/admin").shows("nuova@prova.example")


def test_looking_up_an_address_tells_no_more_than_that_an_account_exists(page, world: Office):
    sign_in(page, world.first.email)
    grant(page, world.stranger.email, "finance_maker", 422, last_day="2001-01-01")
    assert not page.shows("Stura")
    assert not page.shows("Torino")


def test_what_is_wrong_in_the_form_stays_in_the_form(page, world: Office):
    sign_in(page, world.first.email)
    grant(page, "  ", "", 422)
    assert page.field("reason").text.strip() == "Nuovo incarico"
    grant(page, world.first.email, "coach", 409)
    assert page.shows("un ruolo a sé stesso")


def test_an_administrator_drops_an_invitation(page, world: Office, store, now):
    with store() as session:
        make_staff_invitation(session, world.bari, by=world.first, now=now, email="chi@prova.example")
    sign_in(page, world.second.email)
    page.get("/admin").submit("Non attendere più: chi@prova.example")
    assert not page.shows("chi@prova.example")
    with store() as session:
        assert session.scalars(select(StaffInvitation)).one().closed_at == now


# ---- ending, disabling ----


def test_a_role_that_ends_is_gone_at_the_person_s_next_request(page, visitors, world: Office):
    officer = visitors()
    sign_in(officer, world.officer.email)
    officer.get("/manage/calls")
    sign_in(page, world.first.email)
    page.get(person_url(world.officer)).click("Termina questo ruolo: responsabile, Olga Oglio")
    page.submit("Termina questo ruolo", 422)
    page.submit("Termina questo ruolo", reason="Trasferita")
    assert page.shows("Trasferita")
    officer.get("/manage/calls", 403)


def test_disabling_ends_every_session_at_once_and_enabling_lets_in_again(page, visitors, world: Office, store):
    member = visitors()
    sign_in(member, world.member.email)
    sign_in(page, world.first.email)
    page.get(person_url(world.member))
    assert page.shows("Sessioni aperte ora 1")
    page.click("Disabilita l’account")
    page.submit("Disabilita l’account", reason="Password rubata")
    assert page.shows("Password rubata")
    assert page.shows("Sessioni aperte ora 0")
    member.get("/desk")
    assert member.url.startswith("/sign-in")
    page.click("Riabilita l’account").submit("Riabilita l’account", reason="Tutto a posto")
    with store() as session:
        assert session.get_one(Person, world.member.id).disabled_at is None
        assert session.scalars(select(WebSession).where(WebSession.person_id == world.member.id)).one().ended_at


def test_an_administrator_signs_somebody_out_everywhere(page, visitors, world: Office):
    member = visitors()
    sign_in(member, world.member.email)
    sign_in(page, world.first.email)
    page.get(person_url(world.member)).submit("Termina ogni sessione")
    member.get("/desk")
    assert member.url.startswith("/sign-in")


def test_disabling_somebody_ends_who_stands_in_for_them(page, world: Office, store, now):
    with store() as session:
        own = session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.officer.id)).one()
        coach = make_staff(session, world.bari, Role.COACH, now=now)
        stand_in = make_stand_in(session, own, coach, now=now)
    sign_in(page, world.first.email)
    page.get(person_url(world.officer) + "/disable").submit("Disabilita l’account", reason="Prova")
    with store() as session:
        assert session.get_one(RoleGrant, stand_in.id).until == now


def test_nobody_disables_themselves(page, world: Office):
    sign_in(page, world.first.email)
    assert not page.get(person_url(world.first)).shows("Disabilita")
    page.post(person_url(world.first) + "/disable", 409, reason="Prova")
