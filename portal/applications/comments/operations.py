"""Saying something about a draft to one's team, answering, settling it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie
from portal.access.queries import people_tied
from portal.applications.comments.queries import commented_application
from portal.applications.comments.rules import LONGEST, MOST
from portal.applications.models import Application, DraftComment
from portal.applications.operations.write import must_be_draft
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid, NotFound, TooMany
from portal.core.i18n import in_both, lazy_
from portal.core.text import clean_text, is_blank
from portal.notices.operations import notify
from portal.questionnaires.queries import form_of

TEAM = (Tie.OWNER, Tie.EDITOR, Tie.VIEWER, Tie.REPORTER)


def write_comment(
    session: Session, *, application_id: UUID, section_key: str, question_key: str | None, text: str, actor: Actor,
    now: datetime,
) -> DraftComment:  # fmt: skip
    """Say something about a section, or about one question of it, to the rest of the team.

    Raises AlreadySent, Invalid, TooMany; NotFound for a section or a question that the form does not have.
    """
    application = _draft(session, application_id, actor)
    section = form_of(session, application.sheet).section(section_key)
    if section is None or (question_key and question_key not in {each.key for each in section.questions}):
        raise NotFound
    comment = DraftComment(
        application_id=application_id, section_key=section_key, question_key=question_key or None, at=now,
        written_by=actor.person_id, text=_words(text),
    )  # fmt: skip
    return _said(session, application, comment, actor, now)


def reply_to_comment(
    session: Session, *, application_id: UUID, comment_id: UUID, text: str, actor: Actor, now: datetime
) -> DraftComment:
    """Answer a comment; one that was settled is open again."""
    application = _draft(session, application_id, actor)
    first = _first(session, application_id, comment_id)
    first.resolved_at = first.resolved_by = None
    reply = DraftComment(
        application_id=application_id, section_key=first.section_key, question_key=first.question_key,
        reply_to_id=first.id, at=now, written_by=actor.person_id, text=_words(text),
    )  # fmt: skip
    return _said(session, application, reply, actor, now)


def resolve_comment(
    session: Session, *, application_id: UUID, comment_id: UUID, actor: Actor, now: datetime
) -> DraftComment:
    """Settle a comment: it stays to be read, and asks for nothing more."""
    application = _draft(session, application_id, actor)
    first = _first(session, application_id, comment_id)
    if first.resolved_at is None:
        first.resolved_at, first.resolved_by = now, actor.person_id
        session.flush()
        record(session, at=now, actor=actor, event="comment.resolved", subject=application,
               after={"comment": str(first.id)})  # fmt: skip
    return first


def _draft(session: Session, application_id: UUID, actor: Actor) -> Application:
    application = commented_application(session, application_id, actor, Action.COMMENT_WRITE)
    must_be_draft(application=application)
    return application


def _first(session: Session, application_id: UUID, comment_id: UUID) -> DraftComment:
    query = select(DraftComment).where(DraftComment.id == comment_id, DraftComment.application_id == application_id)
    found = session.scalars(query.where(DraftComment.reply_to_id.is_(None)).with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def _said(
    session: Session, application: Application, comment: DraftComment, actor: Actor, now: datetime
) -> DraftComment:
    query = select(func.count()).select_from(DraftComment).where(DraftComment.application_id == application.id)
    if (session.scalar(query) or 0) >= MOST:
        raise TooMany(lazy_("%(most)s comments are here: go on by talking.", most=MOST))
    session.add(comment)
    session.flush()
    record(session, at=now, actor=actor, event=Action.COMMENT_WRITE, subject=application,
           after={"comment": str(comment.id)})  # fmt: skip
    people = people_tied(session, application.organisation_id, TEAM, now)
    text = in_both(lazy_("Your team commented on the application %(reference)s.", reference=application.reference))
    path = f"/applications/{application.id}/comments/{comment.section_key}"
    notify(session, people=[each.id for each in people if each.id != actor.person_id], text=text, path=path, now=now)
    return comment


def _words(text: str) -> str:
    words = clean_text(text)
    if is_blank(words):
        raise Invalid(lazy_("Write the comment."), "text")
    if len(words) > LONGEST:
        raise Invalid(lazy_("This is longer than %(most)s characters. Shorten it.", most=LONGEST), "text")
    return words
