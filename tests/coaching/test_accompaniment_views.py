"""The pages between two phases: the register, a correction, the closing, the way of the applicant, its project."""

from types import SimpleNamespace

import pytest

from tests.factories.base import sign_in
from tests.factories.phases import TwoPhases


@pytest.fixture
def between(store, now):
    """A team with forty hours of the forty-two that it needs."""
    with store() as session:
        world = TwoPhases(session, now)
        owner, idea = world.sent_idea(name="Le Terrazze")
        world.rank([idea])
        world.attend(idea, meetings=4)
        return SimpleNamespace(
            owner=owner.email, officer=world.officer.email, coach=world.coach.email, phase=world.idea.id, idea=idea.id,
            slug=world.call.slug,
        )  # fmt: skip


def test_from_the_register_to_the_project(page, between):
    sign_in(page, between.coach)
    register = f"/accompaniments/{between.phase}"
    assert register in page.get("/coaching").html
    page.get(register)
    page.submit("#meeting-form", title="Bilancio", starts_at="2026-02-10T09:00", minutes="180", mode="remote",
                present=[str(between.idea)])  # fmt: skip
    sign_in(page, between.officer)
    assert "43 h" in page.get(register).text
    page.submit(f"{register}/close")
    sign_in(page, between.owner)
    assert f"/calls/{between.slug}/apply" in page.get("/desk").html
    shown = page.get(f"/applications/{between.idea}").text
    assert "43 h" in shown
    begin = page.get(f"/calls/{between.slug}/apply").text
    assert "Le Terrazze" in begin


def test_the_public_page_and_the_one_of_eligibility_tell_who_enters(page, between):
    shown = page.get(f"/calls/{between.slug}").text
    assert "70 %" in shown
    assert "Seconda parte" in page.get(f"/calls/{between.slug}/eligibility").text
