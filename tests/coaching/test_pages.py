"""The pages around a session, as a strict browser sees them: plan, choose, tick off, note, close a month, feed."""

from typing import Any

import icalendar
import pytest
from sqlalchemy import text

from tests.factories.base import sign_in
from tests.factories.coaching import make_accompanied


@pytest.fixture
def made(store, now):
    with store() as session:
        return make_accompanied(session, now)


def seen_by(page, person):
    page.client.delete_cookie("session")
    return sign_in(page, person.email)


def action(page, part):
    """The action of the first form whose address holds this."""
    return next(form.get("action") for form in page.tree.iter("form") if part in form.get("action", ""))


def test_a_meeting_is_planned_chosen_and_read_by_a_calendar(made, page):
    coach, owner, team = made.world.coach, made.world.owner, f"/engagements/{made.engagement.id}"
    seen_by(page, coach).get(f"{team}/meeting")
    page.submit("#plan-form", 422, time_1="2020-01-01T10:00")
    page.submit("#plan-form", time_1="2026-03-10T10:00", time_2="2026-03-11T10:00", place="Casa del quartiere")
    assert page.shows("Casa del quartiere")
    seen_by(page, owner).get(team)
    page.submit(action(page, "/choose/"))
    assert page.shows("martedì 10 marzo 2026, 10:00") or page.shows("10 March 2026, 10:00")
    seen_by(page, coach).get("/coaching/calendar").submit("/coaching/calendar")
    address = page.tree.get_element_by_id("address").get("value")
    page.client.delete_cookie("session")
    answer = page.client.get("/" + address.split("/", 3)[3])
    event: Any = icalendar.Calendar.from_ical(answer.get_data()).walk("VEVENT")[0]
    assert (answer.status_code, event["dtstart"].dt.hour) == (200, 10)
    seen_by(page, coach).get("/coaching/calendar").submit("/coaching/calendar/revoke")
    assert page.client.get("/" + address.split("/", 3)[3]).status_code == 404


def test_next_steps_are_agreed_in_the_log_and_ticked_off_on_the_desk(made, page, store):
    seen_by(page, made.world.coach).get(f"/engagements/{made.engagement.id}")
    page.submit("#log-form", starts_at="2026-03-02T08:00", minutes="30", summary="Statuto.", topics=["governance"],
                step_1="Bozza di statuto", owner_1=str(made.world.owner.id), due_1="2026-03-09",
                together_with=[str(made.other.id)])  # fmt: skip
    assert page.shows("Bozza di statuto")
    seen_by(page, made.world.owner).get("/desk")
    assert page.shows("Bozza di statuto")
    page.submit(action(page, "/next-steps/"))
    assert page.url == "/desk"
    assert not page.tree.xpath("//*[contains(@class, 'v-due-step')]//*[contains(., 'Bozza di statuto')]")
    with store() as session:
        assert session.execute(text("SELECT count(*) FROM coaching_session")).scalar_one() == 2


def test_a_month_is_closed_by_the_office_and_taken_as_a_file(made, page, store):
    with store() as session:
        made.world.session = session
        made.confirm(made.log(hours_ago=24 * 10, minutes=75))
    seen_by(page, made.world.officer).get("/manage/coaching")
    assert page.shows("1 h 15 min")
    page.submit("/manage/coaching/close")
    seen_by(page, made.world.coach).get("/coaching/statements")
    link = page.tree.xpath("//a[contains(@href, '/coaching/statements/')]")[0].get("href")
    page.get(link)
    assert page.shows("75")
    assert page.client.get(link + ".csv").mimetype == "text/csv"
    assert page.client.get(link + ".pdf").get_data().startswith(b"%PDF")


def test_a_coach_is_found_chosen_and_changed(made, page):
    seen_by(page, made.second_coach).get("/coaching/profile")
    page.submit("#profile-form", competences=["economy"], languages=["it"], districts="Libertà", most_teams="3")
    officer = seen_by(page, made.world.officer)
    officer.get(f"/applications/{made.world.application.id}/coach?topic=economy&topic=nothing&language=xx")
    officer.get(f"/engagements/{made.engagement.id}/terms").submit("#terms-form", allowance_minutes="600")
    officer.get(f"/engagements/{made.engagement.id}/terms")
    officer.submit("#change-form", 422, coach_id=str(made.second_coach.id), reason=" ")
    officer.submit("#change-form", coach_id=str(made.second_coach.id), reason="Ferie lunghe")
    assert officer.shows("Dario Riva")
    officer.get(f"/engagements/{made.engagement.id}")
    assert officer.shows("Ferie lunghe")
    seen_by(page, made.world.coach).get(f"/engagements/{made.engagement.id}", 404)


def test_a_note_is_written_for_its_readers(made, page):
    seen_by(page, made.world.coach).get(f"/engagements/{made.engagement.id}")
    page.submit("#note-form", 422, what=" ", readers="office")
    page.submit("#note-form", what="Solo per l'ufficio", readers="office")
    assert page.shows("Solo per l'ufficio")
    seen_by(page, made.world.owner).get(f"/engagements/{made.engagement.id}")
    assert not page.shows("Solo per l'ufficio")
