"""Writing a note. Never commits; what it says is in no event of the trail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.coaching.models import CoachingNote, Engagement
from portal.coaching.notes.rules import LONGEST_NOTE, Readers
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.grants.operations.news import tell_team


def write_note(
    session: Session, *, engagement_id: UUID, what: str, readers: Readers, actor: Actor, now: datetime
) -> CoachingNote:
    """Write a note on a team; the team is told of one that it may read. Only a coach keeps notes of their own."""
    engagement = session.get(Engagement, engagement_id)
    if engagement is None:
        raise NotFound
    authorise(actor, Action.NOTE_WRITE, engagement)
    if actor.person_id is None or engagement.until is not None:
        raise NotFound
    if readers is Readers.AUTHOR and actor.person_id != engagement.coach_id:
        raise Invalid(lazy_("Choose who reads the note."), "readers")
    row = CoachingNote(
        authority_id=engagement.authority_id, engagement_id=engagement.id, author_id=actor.person_id, readers=readers,
        what=written(what, most=LONGEST_NOTE, field="what", empty=lazy_("Write the note.")), written_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, event=Action.NOTE_WRITE, subject=row, after={"readers": readers})
    if readers is Readers.SHARED:
        tell_team(session, organisation_id=engagement.organisation_id, path=f"/engagements/{engagement.id}#notes",
                  message=lazy_("%(who)s has written a note for your team.", who=actor.name), now=now)  # fmt: skip
    return row
