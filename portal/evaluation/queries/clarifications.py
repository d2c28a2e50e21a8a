"""Questions of evaluators to applicants: to be decided on by chair and office, to be read by the evaluators."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, Tie
from portal.applications.messages.rules import Side
from portal.applications.models import Application, ApplicationMessage
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.clarifying import ClarificationStatus
from portal.evaluation.models import Clarification
from portal.evaluation.queries.matters import matter_for


def clarifications_of(session: Session, application_id: UUID) -> Sequence[Clarification]:
    """The questions on one application with their answers, the oldest first."""
    query = select(Clarification).where(Clarification.application_id == application_id)
    whole = query.options(joinedload(Clarification.answer)).order_by(Clarification.id)
    return session.scalars(whole).all()


def clarifications_of_phase(session: Session, actor: Actor, phase_id: UUID) -> Sequence[Clarification]:
    """The questions on the applications of a phase, the newest first, less what the actor is in conflict with."""
    query = (
        select(Clarification)
        .join(Clarification.application)
        .where(Application.phase_id == phase_id)
        .where(Application.id.not_in(actor.objects_tied_as(Tie.CONFLICTED)))
        .options(
            joinedload(Clarification.answer),
            joinedload(Clarification.application).joinedload(Application.organisation),
        )
        .order_by(Clarification.id.desc())
    )
    return session.scalars(query).all()


def questions_open(phase_id: SQLColumnExpression[UUID]) -> ColumnElement[int]:
    """On how many questions of a phase nobody has decided, as part of another statement."""
    query = select(func.count(Clarification.id)).join(Application, Application.id == Clarification.application_id)
    waiting = query.where(Application.phase_id == phase_id, Clarification.status == ClarificationStatus.ASKED)
    return waiting.correlate_except(Clarification, Application).scalar_subquery()


def clarification_for_update(session: Session, clarification_id: UUID, actor: Actor) -> Clarification:
    """A question, locked, for whoever decides on it; else NotFound."""
    query = select(Clarification).where(Clarification.id == clarification_id).with_for_update(of=Clarification)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    matter_for(session, found.application_id, actor, Action.CLARIFICATION_DECIDE)
    return found


def answering_message(session: Session, asked: Clarification, message_id: UUID) -> ApplicationMessage | None:
    """A message of the same application written after the question went out."""
    found = session.get(ApplicationMessage, message_id)
    return found if found in messages_after(session, [asked]).get(asked.id, ()) else None


def messages_after(session: Session, asked: Sequence[Clarification]) -> dict[UUID, list[ApplicationMessage]]:
    """What the team wrote after each question that went out: the messages that may be its answer."""
    waiting = [each for each in asked if each.sent_id is not None]
    if not waiting:
        return {}
    query = (
        select(ApplicationMessage)
        .where(ApplicationMessage.application_id.in_({each.application_id for each in waiting}))
        .where(ApplicationMessage.side == Side.TEAM)
        .order_by(ApplicationMessage.id)
    )
    written = session.scalars(query).all()
    return {
        each.id: [one for one in written if one.application_id == each.application_id and one.id > each.sent_id]
        for each in waiting
        if each.sent_id is not None
    }
