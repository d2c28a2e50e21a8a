"""Having something clarified: the evaluator asks, the office passes it on in its own name and hands the answer over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed, authorise
from portal.applications.messages.operations import write_message
from portal.applications.messages.rules import Side
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.evaluation.clarifying import ANSWER, LONGEST_QUESTION, NOT_PASS_ON, OPEN, PASS_ON
from portal.evaluation.models import Clarification
from portal.evaluation.operations.assigning import tell_officers
from portal.evaluation.operations.settling import still_open
from portal.evaluation.queries.assignments import assignments_of, readable_assignment
from portal.evaluation.queries.clarifications import answering_message, clarification_for_update, clarifications_of
from portal.evaluation.rules import MAY_READ
from portal.notices.operations import notify

EMPTY = lazy_("Write what is to be clarified.")
ASKED = {
    "it": "La commissione chiede un chiarimento su una domanda: va deciso se trasmetterlo al proponente.",
    "en": "The commission asks for a clarification: decide whether to pass it on to the applicant.",
}
HANDED_OVER = {
    "it": "C'è una risposta a una richiesta di chiarimento su una domanda assegnata.",
    "en": "A clarification about an assigned application has been dealt with.",
}


def ask_clarification(
    session: Session, *, assignment_id: UUID, question: str, actor: Actor, now: datetime
) -> Clarification:
    """Ask the office to have something clarified by the applicant, who never learns who asks.

    Raises Conflict while an earlier question on the application is open, Invalid for an empty one.
    """
    assignment = readable_assignment(session, actor, assignment_id)
    authorise(actor, Action.CLARIFICATION_ASK, assignment)
    still_open(assignment=assignment)
    if any(each.status in OPEN for each in clarifications_of(session, assignment.application_id)):
        raise Conflict(lazy_("Another question on this application waits for its answer."), "question")
    row = Clarification(
        authority_id=assignment.authority_id, application_id=assignment.application_id, asked_by=assignment.person_id,
        asked_at=now, question=written(question, most=LONGEST_QUESTION, field="question", empty=EMPTY), status_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, event=Action.CLARIFICATION_ASK, subject=row, reason=row.question,
           after={"application": row.application_id, "status": row.status})  # fmt: skip
    call, phase = assignment.application.call, assignment.application.phase
    path = f"/manage/calls/{call.slug}/clarifications?phase={phase.key}"
    tell_officers(session, application=assignment.application, text=ASKED, path=path, now=now)
    return row


def pass_on(session: Session, *, clarification_id: UUID, text: str, actor: Actor, now: datetime) -> Clarification:
    """Write to the applicant in the name of the office, in the words the office chooses."""
    row = clarification_for_update(session, clarification_id, actor)
    words = written(text, most=LONGEST_QUESTION, field="text", empty=EMPTY)
    before = row.status
    row.make(PASS_ON, at=now)
    speaker = actor if allowed(actor, Action.MESSAGE_WRITE, row.application) else SYSTEM
    sent = write_message(session, application_id=row.application_id, text=words, actor=speaker, now=now)
    session.flush()
    row.told, row.decided_by, row.sent_id = words, actor.person_id, sent.id
    record(session, at=now, actor=actor, event=Action.CLARIFICATION_DECIDE, subject=row, before={"status": before},
           after={"status": row.status})  # fmt: skip
    return row


def not_pass_on(session: Session, *, clarification_id: UUID, text: str, actor: Actor, now: datetime) -> Clarification:
    """Leave the applicant alone, and tell the evaluators why."""
    row = clarification_for_update(session, clarification_id, actor)
    words = written(text, most=LONGEST_QUESTION, field="text", empty=lazy_("Write why."))
    before = row.status
    row.make(NOT_PASS_ON, at=now)
    row.told, row.decided_by = words, actor.person_id
    record(session, at=now, actor=actor, event=Action.CLARIFICATION_DECIDE, subject=row, before={"status": before},
           after={"status": row.status}, reason=words)  # fmt: skip
    _tell_evaluators(session, row, now)
    return row


def hand_over_answer(
    session: Session, *, clarification_id: UUID, message_id: UUID, actor: Actor, now: datetime
) -> Clarification:
    """Show the evaluators of the application the message of the team that answers. Raises Invalid for any other."""
    row = clarification_for_update(session, clarification_id, actor)
    message = answering_message(session, row, message_id)
    if message is None or message.side is not Side.TEAM:
        raise Invalid(lazy_("Choose a message that the applicant wrote after the question."), "message")
    before = row.status
    row.make(ANSWER, at=now)
    row.answer_id = message.id
    record(session, at=now, actor=actor, event="clarification.answered", subject=row, before={"status": before},
           after={"status": row.status})  # fmt: skip
    _tell_evaluators(session, row, now)
    return row


def _tell_evaluators(session: Session, row: Clarification, now: datetime) -> None:
    for each in assignments_of(session, [row.application_id]):
        if each.status in MAY_READ:
            notify(session, people=[each.person_id], text=HANDED_OVER, path=f"/scoring/{each.id}", now=now)
