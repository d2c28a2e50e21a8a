"""The pages of coaching, as a strict browser without scripts sees them, and the parts that htmx swaps."""

import re

import pytest
from sqlalchemy import text

from portal.access.policy import Role, Tie
from tests.factories.base import join, make_person, make_staff, sign_in
from tests.factories.grants import make_world

KEYS = re.compile(r'value="[0-9a-f]{32}"|value="[\w.-]{60,}"|data-hx-nonce="[^"]+"')


@pytest.fixture
def world(store, now):
    with store() as session:
        return make_world(session, now=now)


@pytest.fixture
def engagement(world, store):
    with store() as session:
        world.session = session
        return world.engage()


def ask(visitors, person):
    return sign_in(visitors(), person.email)


def count(store, what):
    with store() as session:
        return session.execute(text(what)).scalar_one()


def logged(page, engagement, **given):
    fields = {"starts_at": "2026-03-02T08:00", "minutes": "60", "summary": "Rivisto il bilancio con Marta."}
    return page.get(f"/engagements/{engagement.id}").submit("#log-form", **(fields | given))


def part(html):
    """The swapped part without what changes at each showing."""
    found = re.search(r'<section class="v-section" id="sessions".*?</section>', html, re.DOTALL)
    return KEYS.sub("", found.group(0)) if found else ""


def test_the_officer_assigns_a_coach_from_the_list(world, page, store):
    sign_in(page, world.officer.email).get(f"/applications/{world.application.id}/coach")
    page.submit("#coach-form", coach_id=str(world.coach.id))
    assert page.url.startswith("/engagements/")
    page.get(f"/applications/{world.application.id}/coach")
    assert page.shows("Carla Conti")
    assert count(store, "SELECT count(*) FROM engagement") == 1


def test_a_forged_coach_is_refused(world, page, store):
    address = f"/applications/{world.application.id}/coach"
    sign_in(page, world.officer.email).get(address)
    page.post(address, 422, coach_id="1; DROP TABLE person")
    page.post(address, 422, coach_id=str(world.owner.id))
    assert count(store, "SELECT count(*) FROM engagement") == 0


def test_a_session_is_logged_with_four_taps_and_a_sentence_once(world, engagement, page, store):
    sign_in(page, world.coach.email)
    page.get(f"/engagements/{engagement.id}")
    form = dict(page.tree.get_element_by_id("log-form").form_values())
    assert form["starts_at"] == "2026-03-02T09:00"
    page.submit("#log-form", minutes="30", present=["Marta Bianchi"], summary="Rivisto il bilancio.",
                starts_at="2026-03-02T08:00")  # fmt: skip
    assert page.shows("Rivisto il bilancio.")
    assert page.shows("Marta Bianchi")
    again = form | {
        "minutes": "30",
        "summary": "Rivisto il bilancio.",
        "starts_at": "2026-03-02T08:00",
        "present": "Marta Bianchi",
    }
    page.post(f"/engagements/{engagement.id}/sessions", **again)
    assert count(store, "SELECT count(*) FROM coaching_session") == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"starts_at": "2026-03-02T09:30"}, "starts_at"),
        ({"starts_at": "2027-03-02T09:30"}, "starts_at"),
        ({"starts_at": "ieri"}, "starts_at"),
        ({"minutes": "other"}, "other_minutes"),
        ({"minutes": "other", "other_minutes": "-60"}, "minutes"),
        ({"minutes": "other", "other_minutes": "1e3"}, "other_minutes"),
        ({"summary": "  "}, "summary"),
        ({"step_1": "Preventivo", "due_1": "2026-02-30"}, "due_1"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(world, engagement, page, store, given, field):
    sign_in(page, world.coach.email)
    fields = {"starts_at": "2026-03-02T08:00", "minutes": "60", "summary": "Una frase."} | given
    page.get(f"/engagements/{engagement.id}").submit("#log-form", 422, **fields)
    assert page.tree.xpath("//*[@id='log-errors']//a")[0].get("href").startswith(f"#{field}")
    assert page.field("summary").text.strip() == fields["summary"].strip()
    assert count(store, "SELECT count(*) FROM coaching_session") == 0


def test_an_overlap_is_a_conflict_told_at_the_field(world, engagement, page, store):
    sign_in(page, world.coach.email)
    logged(page, engagement)
    page.submit("#log-form", 409, starts_at="2026-03-02T08:30", minutes="30", summary="Ancora.")
    assert page.tree.xpath("//*[@id='log-errors']//a")[0].get("href") == "#starts_at"
    assert count(store, "SELECT count(*) FROM coaching_session") == 1


def test_the_owner_confirms_and_the_part_swapped_in_equals_the_page_reloaded(world, engagement, visitors, store):
    logged(ask(visitors, world.coach), engagement)
    owner = ask(visitors, world.owner).get(f"/engagements/{engagement.id}")
    action = next(form.get("action") for form in owner.tree.iter("form") if "confirm" in form.get("action"))
    form = dict(next(f for f in owner.tree.iter("form") if f.get("action") == action).form_values())
    swapped = part(owner.submit(action, htmx=True).html)
    assert swapped
    assert swapped == part(owner.get(f"/engagements/{engagement.id}").html)
    owner.post(action, **form)
    assert count(store, "SELECT count(*) FROM audit_event WHERE event = 'coaching.confirm'") == 1


def test_a_dispute_needs_a_reason_with_and_without_scripts(world, engagement, visitors, store):
    logged(ask(visitors, world.coach), engagement)
    owner = ask(visitors, world.owner).get(f"/engagements/{engagement.id}")
    action = next(form.get("action") for form in owner.tree.iter("form") if "dispute" in form.get("action"))
    assert "sessions" in owner.submit(action, 422, htmx=True, reason=" ").html
    owner.get(f"/engagements/{engagement.id}").submit(action, 422, reason="")
    owner.submit(action, reason="È durata mezz'ora.")
    assert owner.shows("È durata mezz'ora.")
    assert count(store, "SELECT status FROM coaching_session") == "disputed"
    coach = ask(visitors, world.coach).get(f"/engagements/{engagement.id}")
    assert coach.shows("È durata mezz'ora.")


def test_only_team_coach_and_office_read_the_sessions(world, engagement, visitors, store, now):
    with store() as session:
        viewer = make_person(session, now=now)
        join(session, viewer, world.association, Tie.VIEWER, now=now)
        maker = make_staff(session, world.authority, Role.FINANCE_MAKER, now=now)
        other = make_staff(session, world.authority, Role.COACH, now=now)
    path = f"/engagements/{engagement.id}"
    expected = {
        world.owner: 200,
        viewer: 200,
        world.officer: 200,
        world.coach: 200,
        world.leader: 404,
        other: 403,
        maker: 403,
    }
    for person, expect in expected.items():
        ask(visitors, person).get(path, expect)


def test_the_pages_stay_within_their_statements(world, engagement, visitors, statements):
    coach = ask(visitors, world.coach)
    for hour in ("06", "07", "08"):
        logged(coach, engagement, starts_at=f"2026-03-02T{hour}:00")
    with statements() as sent:
        coach.get(f"/engagements/{engagement.id}")
    assert len(sent) <= 12, sent
    with statements() as sent:
        coach.get("/coaching")
    assert len(sent) <= 8, sent
    assert coach.shows("Associazione Il Ponte")
