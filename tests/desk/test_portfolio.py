"""The portfolio of a call: its page, its tables, and who may open them."""

import io
from dataclasses import dataclass
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.access.models import TieRow
from portal.access.policy import Role, Tie
from portal.calls.rules.design import MaturityMoment
from portal.coaching.maturity.signals import WarningKind
from portal.coaching.models import EarlyWarning
from portal.grants.rules import local_day
from portal.milestones.models import Milestone
from tests.engines import both_engines
from tests.factories.base import make_staff, sign_in
from tests.factories.growing import assessment, make_growing, rate

MOST_STATEMENTS = 12
FORMULA = "=HYPERLINK(0)"


@dataclass(frozen=True)
class Seen:
    """What a test needs of the call with one team."""

    address: str
    officer: str
    finance: str
    auditor: str
    conflicted: str
    name: str
    reference: str


@pytest.fixture
def team(store, now):
    """A coached and rated team whose first milestone is late."""
    with store() as session:
        world, grant = make_growing(session, now=now)
        rate(world, grant, by=world.coach, level=2, now=now)
        assessment(session, grant, MaturityMoment.MIDDLE).opens_on = local_day(now)
        rate(world, grant, by=world.coach, level=3, now=now, moment=MaturityMoment.MIDDLE)
        first = session.scalars(select(Milestone).where(Milestone.grant_id == grant.id, Milestone.number == 1)).one()
        first.due_on = local_day(now) - timedelta(days=3)
        grant.organisation.name = FORMULA
        figures = {"since": "2026-01-10"}
        session.add(EarlyWarning(authority_id=world.authority.id, grant_id=grant.id, kind=WarningKind.SILENT,
                                 mark="silent", figures=figures, raised_at=now))  # fmt: skip
        staff = {role: make_staff(session, world.authority, role, now=now, name=f"Persona {role}").email
                 for role in (Role.FINANCE_MAKER, Role.AUDITOR)}  # fmt: skip
        conflicted = make_staff(session, world.authority, Role.OFFICER, now=now, name="Officer in conflitto")
        session.add(TieRow(person_id=conflicted.id, tie=Tie.CONFLICTED, object_type="application",
                           object_id=grant.application_id, since=now))  # fmt: skip
        return Seen(
            f"/manage/calls/{world.call.slug}/portfolio", world.officer.email, staff[Role.FINANCE_MAKER],
            staff[Role.AUDITOR], conflicted.email, grant.organisation.name, grant.reference,
        )  # fmt: skip


@both_engines
def test_a_row_tells_stage_coaching_milestones_money_and_warnings_of_a_team(page, team, statements):
    sign_in(page, team.officer)
    with statements() as seen:
        page.get(team.address)
    assert len(seen) <= MOST_STATEMENTS
    for said in (team.name, team.reference, "operativa", "in ritardo", "Carla Conti", "10 gennaio 2026"):
        assert page.shows(said), said
    assert page.tree.xpath("//*[@class='v-spark']")


@pytest.mark.parametrize("asked", ["q=Nessuno+si+chiama+così", "stage=4"])
def test_a_filter_that_nobody_answers_offers_to_show_all(page, team, asked):
    sign_in(page, team.officer).get(f"{team.address}?{asked}")
    assert not page.shows(team.reference)
    page.click("Mostra tutto")
    assert page.shows(team.reference)


@pytest.mark.parametrize("asked", ["help=1", "order=stage", "order=hours&stage=3", "order=next", "page=zwei&order=x"])
def test_whoever_answers_the_filter_is_shown(page, team, asked):
    sign_in(page, team.officer).get(f"{team.address}?{asked}")
    assert page.shows(team.reference)


def test_the_tables_hold_the_row_and_no_formula(page, team):
    sign_in(page, team.officer)
    table = page.client.get(f"{team.address}/table?format=csv").data.decode("utf-8-sig")
    assert f'"\'{FORMULA}"' in table
    book = load_workbook(io.BytesIO(page.client.get(f"{team.address}/table").data))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert [cell.value for cell in cells[:2]] == [team.reference, FORMULA]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_finance_finds_no_portfolio_and_who_is_in_conflict_finds_no_row(page, team, visitors):
    sign_in(page, team.auditor).get(team.address)
    assert page.shows(team.reference)
    sign_in(visitors(), team.finance).get(team.address, expect=403)
    other = sign_in(visitors(), team.conflicted).get(team.address)
    assert not other.shows(team.reference)
    assert team.reference not in other.client.get(f"{team.address}/table?format=csv").data.decode()
