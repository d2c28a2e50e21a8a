"""The comments of a team on its draft, by section. For whoever may read the draft as its team does, and nobody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.models import Application, DraftComment
from portal.applications.queries import application_of, names_of
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import Question, Section


@dataclass(frozen=True, slots=True)
class CommentThread:
    """A comment and what was answered to it; about one question, or the section as a whole."""

    first: DraftComment
    replies: Sequence[DraftComment]
    question: Question | None

    @property
    def is_open(self) -> bool:
        """Whether it still asks for something."""
        return self.first.resolved_at is None


@dataclass(frozen=True, slots=True)
class SectionComments:
    """The threads of a section: the open ones first, each the oldest first."""

    application: Application
    section: Section
    threads: Sequence[CommentThread]
    names: Mapping[UUID, str]


def commented_application(session: Session, application_id: UUID, actor: Actor, action: Action) -> Application:
    """An application for its team alone, whatever became of it; NotFound for everybody else."""
    application = application_of(session, application_id)
    authorise(actor, Action.DRAFT_READ, application)
    authorise(actor, action, application)
    return application


def comments_of(session: Session, application_id: UUID, key: str, actor: Actor) -> SectionComments:
    """What was said about a section and its questions."""
    application = commented_application(session, application_id, actor, Action.DRAFT_READ)
    form = form_of(session, application.sheet)
    section = form.section(key)
    if section is None:
        raise NotFound
    query = select(DraftComment).where(DraftComment.application_id == application_id, DraftComment.section_key == key)
    rows = session.scalars(query.order_by(DraftComment.id)).all()
    replies: dict[UUID, list[DraftComment]] = {}
    for row in rows:
        if row.reply_to_id is not None:
            replies.setdefault(row.reply_to_id, []).append(row)
    threads = [
        CommentThread(row, replies.get(row.id, []), form.question(row.question_key) if row.question_key else None)
        for row in rows
        if row.reply_to_id is None
    ]
    people = {row.written_by for row in rows} | {row.resolved_by for row in rows}
    threads.sort(key=lambda each: not each.is_open)
    return SectionComments(application, section, threads, names_of(session, people))


def open_comments(session: Session, application_id: UUID) -> dict[tuple[str, str | None], int]:
    """How many threads are open, by section and question; one statement."""
    query = (
        select(DraftComment.section_key, DraftComment.question_key, func.count())
        .where(
            DraftComment.application_id == application_id,
            DraftComment.reply_to_id.is_(None),
            DraftComment.resolved_at.is_(None),
        )
        .group_by(DraftComment.section_key, DraftComment.question_key)
    )
    return {(section, question): count for section, question, count in session.execute(query)}


def comments_by_section(session: Session, application_id: UUID) -> dict[str, int]:
    """How many threads are open in each section."""
    found: dict[str, int] = {}
    for (section, _question), count in open_comments(session, application_id).items():
        found[section] = found.get(section, 0) + count
    return found
