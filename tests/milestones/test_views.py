"""The pages of milestones, as a strict browser without scripts sees them, and the part that htmx swaps."""

import re

import pytest
from sqlalchemy import text

from portal.grants.queries import grant_of_application
from portal.milestones.queries import plan_of
from tests.engines import both_engines
from tests.factories.base import make_organisation, make_person, sign_in
from tests.factories.documents import PDF
from tests.factories.grants import make_world, sent_pdf

KEYS = re.compile(r'value="[0-9a-f]{32}"|value="[\w.-]{60,}"|data-hx-nonce="[^"]+"')


@pytest.fixture
def world(store, now):
    with store() as session:
        world = make_world(session, now=now)
        world.activate()
        world.activate(world.group_application)
        return world


@pytest.fixture
def plan(world, store):
    with store() as session:
        grant = grant_of_application(session, world.group_application.id)
        assert grant is not None
        return [each.id for each in plan_of(session, grant.id)]


@pytest.fixture
def path(plan):
    return f"/milestones/{plan[0]}"


def ask(visitors, person):
    return sign_in(visitors(), person.email)


def count(store, what):
    with store() as session:
        return session.execute(text(what)).scalar_one()


def part(html):
    """The swapped part without what changes at each showing."""
    found = re.search(r'<div id="milestone">.*?(?=\s*</main>|\s*\Z)', html, re.DOTALL)
    return " ".join(KEYS.sub("", found.group(0)).split()) if found else ""


@both_engines
def test_reported_returned_reported_again_and_accepted(world, path, visitors, store):
    team, officer = ask(visitors, world.leader), ask(visitors, world.officer)
    team.get(path).submit("#report-form", 422, narrative="Aperto.", evidence=(b"", ""))
    assert team.field("narrative").text.strip() == "Aperto."
    team.submit("#report-form", narrative="Aperto.", evidence=sent_pdf("registro.pdf", PDF))
    officer.get(path).submit("#return-form", 422, reason=" ")
    officer.submit("#return-form", reason="Manca il calendario.")
    team.get(path)
    assert team.shows("Manca il calendario.")
    team.submit("#report-form", narrative="Ecco il calendario.", evidence=sent_pdf("calendario.pdf", PDF))
    officer.get(path).submit(f"{path}/accept")
    assert officer.shows("Ecco il calendario.")
    assert count(store, "SELECT count(*) FROM milestone WHERE status = 'accepted'") == 1
    assert count(store, "SELECT count(*) FROM report_evidence") == 2


def test_the_part_swapped_in_equals_the_page_reloaded_and_a_second_click_changes_nothing(world, path, visitors, store):
    team, officer = ask(visitors, world.leader), ask(visitors, world.officer)
    team.get(path).submit("#report-form", narrative="Aperto.", evidence=sent_pdf("registro.pdf", PDF))
    officer.get(path)
    form = dict(next(f for f in officer.tree.iter("form") if f.get("action") == f"{path}/accept").form_values())
    swapped = part(officer.submit(f"{path}/accept", htmx=True).html)
    assert swapped
    assert swapped == part(officer.get(path).html)
    officer.post(f"{path}/accept", **form)
    officer.post(f"{path}/accept", 409)
    assert count(store, "SELECT count(*) FROM audit_event WHERE event = 'report.accept'") == 1


def test_a_report_sent_twice_is_one_report(world, path, page, store):
    sign_in(page, world.leader.email).get(path)
    form = dict(page.tree.get_element_by_id("report-form").form_values())
    given = {"narrative": "Aperto."}
    page.submit("#report-form", **given, evidence=sent_pdf("registro.pdf", PDF))
    page.post(f"{path}/reports", **(form | given | {"evidence": sent_pdf("registro.pdf", PDF)}))
    assert count(store, "SELECT count(*) FROM milestone_report") == 1


def test_the_officer_adjusts_the_plan_until_the_first_report(world, path, visitors, store):
    officer = ask(visitors, world.officer).get(path)
    officer.submit("#plan-form", 422, due_on="2020-01-01")
    officer.submit("#plan-form", title="Apertura del servizio", due_on="2026-06-01")
    assert officer.shows("Apertura del servizio")
    ask(visitors, world.leader).get(path).submit("#report-form", narrative="Aperto.", evidence=sent_pdf("r.pdf", PDF))
    officer.get(path)
    assert not officer.tree.xpath("//form[@id='plan-form']")
    officer.post(f"{path}/plan", 409, title="A", deliverable="B", due_on="2026-06-01")


def test_evidence_goes_to_those_who_may_read_the_milestone(world, plan, path, visitors, store, now):
    team = ask(visitors, world.leader).get(path)
    team.submit("#report-form", narrative="Aperto.", evidence=sent_pdf("registro.pdf", PDF))
    link = next(a.get("href") for a in team.tree.iter("a") if "/files/" in a.get("href", ""))
    with store() as session:
        stranger = make_person(session, now=now)
        make_organisation(session, now=now, owner=stranger)
    for person, expect in ((world.leader, 200), (world.officer, 200), (world.owner, 404), (stranger, 404)):
        ask(visitors, person).get(link, expect)
    other = f"/milestones/{plan[1]}/files/{link.rsplit('/', 1)[1]}"
    ask(visitors, world.leader).get(other, 404)


def test_a_stranger_reports_nothing(world, path, visitors, nothing_changes):
    stranger, leader = ask(visitors, world.owner), ask(visitors, world.leader)
    with nothing_changes():
        stranger.post(f"{path}/reports", 404, narrative="Mio.")
        leader.post(f"{path}/accept", 403)


def test_the_pages_stay_within_their_statements(world, path, visitors, statements):
    team = ask(visitors, world.leader).get(path)
    team.submit("#report-form", narrative="Aperto.", evidence=sent_pdf("registro.pdf", PDF))
    with statements() as sent:
        team.get(path)
    assert len(sent) <= 12, sent
    with statements() as sent:
        team.click("Piano dei traguardi") if team.shows("Piano dei traguardi") else team.click("Plan of milestones")
    assert len(sent) <= 8, sent
    assert team.heading
