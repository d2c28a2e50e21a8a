"""Between two phases: meetings with who was there, the closing, and what each team reads afterwards."""

from datetime import timedelta
from uuid import UUID

from playwright.sync_api import expect
from sqlalchemy import select

from portal.calls.models import Phase
from portal.calls.queries import call_with_slug_for_update
from portal.coaching.accompaniment.operations import note_meeting
from portal.coaching.rules import ROME, SessionMode
from portal.core.mail import OutgoingMail
from tests.browser.steps.people import Stage, it, it_counted
from tests.factories.journey import Proposal, address_of

HOURS = 10
MEETING = timedelta(hours=HOURS + 1)
ENOUGH = 5
"""Meetings of ten hours: 70 % of 60 hours are 42."""


def phases_of(stage: Stage, slug: str) -> list[Phase]:
    """The phases of the call."""
    with stage.session() as session:
        call = call_with_slug_for_update(session, slug)
        assert call is not None
        found = list(call.phases)
        session.expunge_all()
    return found


def note_a_meeting(stage: Stage, *, slug: str, title: str, there: list[str]) -> None:
    """The office notes yesterday's meeting: whoever is not ticked was absent."""
    stage.clock.advance(days=1)
    officer = stage.person("officer").visit(f"/accompaniments/{phases_of(stage, slug)[0].id}")
    officer.fill("What it was about", title)
    officer.fill("When it began", (stage.clock() - MEETING).astimezone(ROME).strftime("%Y-%m-%dT%H:%M"))
    officer.fill("How long, in minutes", str(HOURS * 60))
    for name in there:
        officer.tick(name)
    officer.press("Save the meeting").sees("The meeting is in the register.").sees(title)


def meet_further(stage: Stage, *, slug: str, there: list[Proposal], meetings: int) -> None:
    """Further meetings, noted by the coach, without pages."""
    phase = phases_of(stage, slug)[0]
    for number in range(meetings):
        stage.clock.advance(days=1)
        with stage.session() as session:
            note_meeting(
                session, phase_id=phase.id, starts_at=stage.clock() - MEETING, minutes=HOURS * 60,
                title=f"Incontro {number + 3}", mode=SessionMode.IN_PERSON,
                present=[UUID(stage.facts[each.person].rsplit("/", 1)[1]) for each in there],
                actor=stage.actor(session, "coach"), now=stage.clock(),
            )  # fmt: skip


def close(stage: Stage, *, slug: str, invited: int, told: int) -> None:
    """The effect first: so many are invited, so many are told why not."""
    stage.clock.advance(days=1)
    officer = stage.person("officer").visit(f"/accompaniments/{phases_of(stage, slug)[0].id}")
    panel = officer.open_details("Close the accompaniment").main
    one = ("%(num)d team is invited to the next phase.", "%(num)d teams are invited to the next phase.", invited)
    expect(panel).to_contain_text(it_counted(*one))
    if told:
        expect(panel).to_contain_text(
            it_counted(
                "%(num)d team is told that its hours are too few, with the figures.",
                "%(num)d teams are told that their hours are too few, with the figures.", told,
            )
        )  # fmt: skip
    officer.page.reload()
    officer.confirm("Close the accompaniment").sees("The accompaniment is closed: every team was told.")


def read_why_not(stage: Stage, proposal: Proposal, *, attended: str, needed: str) -> None:
    """The team that attended too little reads its hours and those needed; the next phase is closed to it, with why."""
    who = stage.person(proposal.person).visit(stage.facts[proposal.person])
    who.sees(it("%(attended)s attended, %(needed)s needed", attended=attended, needed=needed))
    who.visit(f"/calls/{proposal.call}/apply").sees("may not enter yet").sees(attended)
    with stage.session() as session:
        query = select(OutgoingMail).where(OutgoingMail.recipient == address_of(proposal.person))
        bodies = [mail.body for mail in session.scalars(query) if attended in mail.body and needed in mail.body]
    assert len(bodies) == 1
