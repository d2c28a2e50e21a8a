"""Saying something in the discussion of an application."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.evaluation.models import DiscussionNote
from portal.evaluation.points import LONGEST_REASON
from portal.evaluation.queries.discussions import must_be_open
from portal.evaluation.queries.matters import matter_for
from portal.evaluation.queries.opinions import opinions_of


def write_note(session: Session, *, application_id: UUID, text: str, actor: Actor, now: datetime) -> DiscussionNote:
    """Say something in the discussion of an application: its evaluators, the chair and the secretary read it."""
    matter = matter_for(session, application_id, actor, Action.DISCUSSION_WRITE)
    found = opinions_of(session, matter.application)
    must_be_open(next((each for each in found.live if each.person_id == actor.person_id), None), found)
    if actor.person_id is None:
        raise Forbidden
    words = written(text, most=LONGEST_REASON, field="text", empty=lazy_("Write something."))
    row = DiscussionNote(application_id=matter.application.id, person_id=actor.person_id, text=words, at=now)
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, event=Action.DISCUSSION_WRITE, subject=row,
           after={"characters": len(words)}, authority_id=matter.application.authority_id)  # fmt: skip
    return row
