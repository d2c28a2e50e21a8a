"""Around the sessions: what the coaches say of themselves, notes, a meeting to choose, a month that is closed."""

from datetime import timedelta

from sqlalchemy import select

from portal.access.policy import Tie
from portal.access.queries import actor_of, people_tied
from portal.coaching.agenda.operations import propose_meeting
from portal.coaching.coaches.operations import keep_profile
from portal.coaching.models import Engagement
from portal.coaching.notes.operations import write_note
from portal.coaching.notes.rules import Readers
from portal.coaching.rules import SessionMode
from portal.coaching.statements.operations import close_month
from portal.coaching.statements.rules import month_before, month_of
from portal.demo.stage import Stage

PROFILES = {
    "coach": (("governance", "team", "economy"), ("it", "en"), ("Libertà", "San Paolo"), "martedì e giovedì", 10),
    "coach-2": (("economy", "funding", "accounts"), ("it", "fr"), ("Carbonara", "Japigia"), "il mattino", 9),
}
NOTES = {
    Readers.SHARED: "Per la prossima volta: la bozza di statuto con le correzioni della **presidente**.",
    Readers.OFFICE: "Il gruppo poggia su due persone: se una si ferma, si ferma tutto.",
    Readers.AUTHOR: "Chiedere come va il trasloco prima di parlare di conti.",
}


def accompany(stage: Stage) -> None:
    """The coaches' profiles; notes and times for the first team; the statements of the month before last."""
    session, now = stage.session, stage.now
    for key, (competences, languages, districts, availability, most) in PROFILES.items():
        keep_profile(
            session, competences=competences, languages=languages, districts=districts, availability=availability,
            away_until=None, most_teams=most, actor=stage.actor(key), now=now,
        )  # fmt: skip
    coach = stage.people["coach"]
    live = select(Engagement).where(Engagement.coach_id == coach.id, Engagement.until.is_(None))
    engagement = session.scalars(live.order_by(Engagement.since, Engagement.id)).first()
    if engagement is None:
        return
    for readers, what in NOTES.items():
        write_note(session, engagement_id=engagement.id, what=what, readers=readers, actor=stage.actor("coach"),
                   now=now)  # fmt: skip
    owner = people_tied(session, engagement.organisation_id, (Tie.OWNER,), now)[0]
    propose_meeting(
        session, engagement_id=engagement.id, times=[stage.at(4, 17), stage.at(6, 10)], minutes=60,
        mode=SessionMode.IN_PERSON, place="Casa del quartiere", link="", actor=actor_of(session, owner, now), now=now,
    )  # fmt: skip
    month = month_before(month_before(month_of(stage.day(0))))
    close_month(session, authority_id=engagement.authority_id, month=month, actor=stage.actor("officer"),
                now=now - timedelta(minutes=1))  # fmt: skip
