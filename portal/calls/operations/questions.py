"""Questions about a call: asked by whoever is signed in, answered to everybody at once, without a name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action, authorise
from portal.calls.models import Call, CallAnswer, CallQuestion
from portal.calls.operations.history import note_event
from portal.calls.queries import call_for_update
from portal.calls.queries.publication import open_questions_of, question_for_update
from portal.calls.rules import Text
from portal.calls.rules.private import names, private_in
from portal.calls.rules.publication import (
    MOST_ANSWER_CHARS,
    MOST_OPEN_QUESTIONS,
    MOST_QUESTION_CHARS,
    CallEventKind,
)
from portal.calls.rules.times import NoSuchTime, instant_of
from portal.calls.wording import PRIVATE, Listed, Titled
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, Conflict, Invalid, TooMany
from portal.core.i18n import in_both, lazy_
from portal.core.instants import ROME
from portal.core.text import clean_text
from portal.notices.operations import notify


class QuestionsClosed(Closed):
    """The declared term for questions is over."""

    default = lazy_("Questions about this call are no longer taken. Those already answered stand on its page.")


class AlreadySettled(Conflict):
    """A question that was answered or set aside."""

    default = lazy_("This question was answered or set aside already. Reload the page.")


def ask_question(session: Session, *, call_id: UUID, text: str, actor: Actor, now: datetime) -> CallQuestion:
    """Ask the office; raises QuestionsClosed after the declared term, TooMany while five wait for their answers."""
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_ASK, call)
    if not call.takes_questions(now):
        raise QuestionsClosed
    words = _words(text, MOST_QUESTION_CHARS, "text", lazy_("Write the question."))
    if open_questions_of(session, call.id, actor.person_id) >= MOST_OPEN_QUESTIONS:
        raise TooMany(lazy_("Five questions of yours wait for an answer already. Wait for the office to answer them."))
    last = session.scalar(select(func.max(CallQuestion.number)).where(CallQuestion.call_id == call.id))
    question = CallQuestion(
        call_id=call.id, number=(last or 0) + 1, asked_by=actor.person_id, asked_at=now, text=words, answers=[]
    )
    session.add(question)
    session.flush()
    record(session, at=now, actor=actor, event=Action.CALL_ASK, subject=question, after={"number": question.number})
    return question


def answer_question(
    session: Session, *, question_id: UUID, question_text: str, answer: Text, actor: Actor, now: datetime
) -> CallAnswer:
    """Publish question and answer to everybody; again, to correct it: the earlier version stays in the history.

    `question_text` is the question as it is published: the office takes names and private facts out of it, and Invalid
    says what still stands there (the answer may name the office, never whoever asked). English may
    be left out of the answer, and Italian stands there then. Whoever follows the call is told by a job.
    """
    question = question_for_update(session, question_id)
    call = question.call
    authorise(actor, Action.CALL_ANSWER, call)
    if question.set_aside_at is not None:
        raise AlreadySettled
    words = _words(question_text, MOST_QUESTION_CHARS, "question_text", lazy_("Write the question."))
    asker = session.get(Person, question.asked_by) if question.asked_by else None
    _must_name_nobody(words, answer, asker.name if asker else None)
    texts = {"it": _words(answer.get("it", ""), MOST_ANSWER_CHARS, "answer_it", lazy_("Write the answer in Italian."))}
    if english := clean_text(answer.get("en", ""))[:MOST_ANSWER_CHARS]:
        texts["en"] = english
    row = CallAnswer(
        question_id=question.id, version=len(question.answers) + 1, question_text=words, answer_text=texts, at=now,
        by=actor.person_id,
    )  # fmt: skip
    question.answers.append(row)
    session.flush()
    after = {"call": call.slug, "version": row.version, "answer": texts["it"]}
    record(session, at=now, actor=actor, event=Action.CALL_ANSWER, subject=question, after=after)
    note_event(session, call=call, kind=CallEventKind.ANSWERED, actor=actor, now=now, answer_id=row.id)
    if question.asked_by is not None and row.version == 1:
        text = lazy_("Your question about “%(title)s” was answered.", title=Titled(call.title))
        path = f"/calls/{call.slug}/questions#question-{question.number}"
        notify(session, people=[question.asked_by], text=in_both(text), path=path, now=now)
    return row


def set_aside_question(
    session: Session, *, question_id: UUID, reason: str, actor: Actor, now: datetime
) -> CallQuestion:
    """Leave a question unpublished (not about the call, or asked twice); whoever asked is told why."""
    question = question_for_update(session, question_id)
    authorise(actor, Action.CALL_ANSWER, question.call)
    if not question.waits:
        raise AlreadySettled
    why = _words(reason, 1000, "reason", lazy_("Write why: whoever asked reads it."))
    question.set_aside_at, question.set_aside_by, question.set_aside_reason = now, actor.person_id, why
    record(session, at=now, actor=actor, event="call.question_set_aside", subject=question, reason=why)
    if question.asked_by is not None:
        text = lazy_(
            "Your question about “%(title)s” is not published. %(why)s", title=Titled(question.call.title), why=why
        )
        notify(session, people=[question.asked_by], text=in_both(text), path=f"/calls/{question.call.slug}", now=now)
    return question


def declare_last_questions(session: Session, *, call_id: UUID, until: datetime, actor: Actor, now: datetime) -> Call:
    """Declare until when questions are taken; `until` is wall time in Rome. On a published call it only moves later."""
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_ANSWER, call)
    try:
        instant = instant_of(until, ROME)
    except NoSuchTime as error:
        raise Invalid(
            lazy_("Clocks change in that night, so this hour does not exist or comes twice. Choose another hour."),
            "until",
        ) from error
    if call.published_at is not None and instant <= max(now, call.questions_until or now):
        raise Invalid(lazy_("After publication the last day for questions can only move later."), "until")
    before = call.questions_until
    call.questions_until = instant
    record(session, at=now, actor=actor, event="call.questions_until", subject=call,
           before={"questions_until": before}, after={"questions_until": instant})  # fmt: skip
    return call


def _must_name_nobody(question_text: str, answer: Text, name: str | None) -> None:
    if found := private_in(question_text, name=name):
        what = Listed([PRIVATE[kind] for kind in found])
        raise Invalid(
            lazy_("Everybody will read this: take out %(what)s, so that nobody knows who asked.", what=what),
            "question_text",
        )
    for language, words in answer.items():
        if name and names(words, name):
            raise Invalid(lazy_("The answer names whoever asked. Everybody will read it: take the name out."),
                          f"answer_{language}")  # fmt: skip


def _words(text: str, most: int, field: str, missing: object) -> str:
    words = clean_text(text)
    if not words:
        raise Invalid(missing, field)
    if len(words) > most:
        raise Invalid(lazy_("This is longer than %(most)s characters. Shorten it.", most=most), field)
    return words
