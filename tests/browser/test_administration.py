"""Administration in Chromium: a finance role by two administrators; screens of people and roles, narrow and wide."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from portal.access.models import RoleGrant
from portal.access.policy import Role
from portal.core.db import database
from tests.factories.base import make_authority, make_staff
from tests.factories.roles import make_administrators, make_stand_in


@pytest.fixture
def city(live):
    """Two administrators, an officer who is away, a coach who stands in."""
    with live.app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        now, authority = datetime.now(UTC), make_authority(session)
        first, second = make_administrators(session, authority, now=now)
        officer = make_staff(session, authority, Role.OFFICER, now=now, name="Olga Oglio")
        coach = make_staff(session, authority, Role.COACH, now=now, name="Carla Chiese")
        own = RoleGrant(person_id=officer.id, role=Role.OFFICER, authority_id=authority.id, since=now)
        make_stand_in(session, own, coach, now=now)
        session.commit()
        return {"first": first.email, "second": second.email, "officer": officer.email, "person": str(officer.id)}


def test_a_finance_role_is_granted_by_two_administrators(open_page, come_in, city):
    first, second = open_page(), open_page()
    come_in(first, city["first"]).goto("/admin/roles/new")
    first.fill("[name=email]", city["officer"])
    first.select_option("[name=role]", Role.FINANCE_MAKER.value)
    first.fill("[name=reason]", "Supporto alla ragioneria")
    first.get_by_role("button", name="Concedi o proponi questo ruolo").click()
    expect(first.get_by_text("Il ruolo è proposto")).to_be_visible()
    come_in(second, city["second"]).get_by_role("link", name="Confermare un ruolo: Olga Oglio").click()
    second.get_by_role("button", name="Conferma questo ruolo").click()
    expect(second.get_by_text("concesso da Anna Adige")).to_be_visible()
    expect(second.get_by_text("confermato da Bruno Brenta")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_every_screen_is_accessible_and_fits(open_page, come_in, accessible, city, width):
    administrator = come_in(open_page(width=width), city["first"])
    officer = come_in(open_page(width=width), city["officer"])
    person = f"/admin/people/{city['person']}"
    paths = ("/admin", "/admin/people", person, f"{person}/disable", "/admin/roles", "/admin/roles/new")
    for page, path in [*((administrator, path) for path in paths), (officer, "/delegations"),
                       (officer, "/delegations/new")]:  # fmt: skip
        page.goto(path)
        assert page.url.endswith(path)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
