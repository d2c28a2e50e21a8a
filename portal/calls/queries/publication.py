"""What is published around calls: documents, questions, history, and who follows them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.models import Person
from portal.access.queries.twins import is_live
from portal.calls.models import (
    Call,
    CallAnswer,
    CallDocument,
    CallEvent,
    CallQuestion,
    CallRevision,
    CallSubscription,
    PhaseDeadline,
)
from portal.calls.queries.reading import managed_call
from portal.calls.rules.publication import IN_FEED
from portal.core.actor import Actor
from portal.core.errors import NotFound

SHOWN_ON_THE_PAGE = 5
"""Questions on the page of a call; all of them stand on a page of their own."""
SEARCH_FROM = 10
"""More questions than these can be searched."""
MOST_IN_FEED = 50


def documents_of(session: Session, call_id: UUID, at: datetime | None = None) -> Sequence[CallDocument]:
    """The files to download, in the order in which they came: now, or as they were at an instant."""
    query = select(CallDocument).where(CallDocument.call_id == call_id).options(joinedload(CallDocument.file))
    if at is None:
        query = query.where(CallDocument.removed_at.is_(None))
    else:
        query = query.where(CallDocument.added_at <= at)
        query = query.where(or_(CallDocument.removed_at.is_(None), CallDocument.removed_at > at))
    return session.scalars(query.order_by(CallDocument.added_at, CallDocument.id)).all()


def document_of(session: Session, call: Call, document_id: UUID) -> CallDocument:
    """A file of this call, also one that was taken away since it is public (earlier pages show it); else NotFound."""
    query = select(CallDocument).where(CallDocument.call_id == call.id, CallDocument.id == document_id)
    found = session.scalars(query.options(joinedload(CallDocument.file))).one_or_none()
    if found is None or _was_never_public(found, call):
        raise NotFound
    return found


def _was_never_public(document: CallDocument, call: Call) -> bool:
    """Whether a draft had it, and its publication did not."""
    gone = document.removed_at
    return gone is not None and call.published_at is not None and gone < call.published_at


def document_for_update(session: Session, document_id: UUID) -> CallDocument:
    """A file, locked, or NotFound."""
    query = select(CallDocument).where(CallDocument.id == document_id).with_for_update(of=CallDocument)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def answered_questions(
    session: Session, call: Call, *, words: str = "", most: int | None = None
) -> Sequence[CallQuestion]:
    """Questions that were answered, the latest answer first; `words` must stand in the question or its answer."""
    latest = select(func.max(CallAnswer.at)).where(CallAnswer.question_id == CallQuestion.id)
    newest = latest.correlate(CallQuestion).scalar_subquery()
    query = _answered(call).options(selectinload(CallQuestion.answers)).order_by(newest.desc(), CallQuestion.number)
    found = session.scalars(query.limit(most) if most and not words else query).all()
    wanted = words.casefold().split()
    return [each for each in found if all(word in _read(each) for word in wanted)] if wanted else found


def number_of_answers(session: Session, call: Call) -> int:
    """How many questions were answered."""
    return session.scalar(select(func.count()).select_from(_answered(call).subquery())) or 0


def _answered(call: Call) -> Select[CallQuestion]:
    has_answer = select(CallAnswer.id).where(CallAnswer.question_id == CallQuestion.id).exists()
    return select(CallQuestion).where(CallQuestion.call_id == call.id, has_answer)


def _read(question: CallQuestion) -> str:
    """Everything that a visitor reads of a question."""
    answer = question.answers[-1]
    return " ".join([answer.question_text, *answer.answer_text.values()]).casefold()


def questions_for_the_office(session: Session, call: Call) -> Sequence[tuple[CallQuestion, str | None]]:
    """Every question with the name of who asked: those that wait first, the oldest on top; then the newest."""
    query = (
        select(CallQuestion, Person.name)
        .outerjoin(Person, Person.id == CallQuestion.asked_by)
        .where(CallQuestion.call_id == call.id)
        .options(selectinload(CallQuestion.answers))
        .order_by(CallQuestion.number)
    )
    rows = [(question, name) for question, name in session.execute(query)]
    return [row for row in rows if row[0].waits] + [row for row in reversed(rows) if not row[0].waits]


def managed_question(session: Session, slug: str, question_id: UUID, actor: Actor) -> CallQuestion:
    """A question to a call that the actor manages, else NotFound."""
    call = managed_call(session, slug, actor)
    query = select(CallQuestion).where(CallQuestion.call_id == call.id, CallQuestion.id == question_id)
    found = session.scalars(query.options(selectinload(CallQuestion.answers))).one_or_none()
    if found is None:
        raise NotFound
    return found


def question_for_update(session: Session, question_id: UUID) -> CallQuestion:
    """A question, locked, with its call, or NotFound."""
    query = select(CallQuestion).where(CallQuestion.id == question_id).with_for_update(of=CallQuestion)
    found = session.scalars(query.options(selectinload(CallQuestion.answers))).one_or_none()
    if found is None:
        raise NotFound
    return found


def open_questions_of(session: Session, call_id: UUID, person_id: UUID | None) -> int:
    """How many questions of one person to a call wait for an answer."""
    answered = select(CallAnswer.id).where(CallAnswer.question_id == CallQuestion.id).exists()
    query = select(func.count(CallQuestion.id)).where(
        CallQuestion.call_id == call_id, CallQuestion.asked_by == person_id, CallQuestion.set_aside_at.is_(None)
    )
    return session.scalar(query.where(~answered)) or 0


def events_of(session: Session, call: Call, *, public: bool = False) -> Sequence[CallEvent]:
    """What happened to a call, the newest first; the public part alone where asked."""
    query = select(CallEvent).where(CallEvent.call_id == call.id)
    if public:
        query = query.where(CallEvent.kind.in_(IN_FEED))
    return session.scalars(query.order_by(CallEvent.at.desc(), CallEvent.id.desc())).all()


def feed_events(session: Session) -> Sequence[CallEvent]:
    """What the feed tells of published calls, the newest first."""
    query = (
        select(CallEvent)
        .join(CallEvent.call)
        .where(CallEvent.kind.in_(IN_FEED), Call.published_at.is_not(None), is_live(Call.authority_id))
        .options(joinedload(CallEvent.call).joinedload(Call.authority), joinedload(CallEvent.phase))
        .order_by(CallEvent.at.desc(), CallEvent.id.desc())
    )
    return session.scalars(query.limit(MOST_IN_FEED)).all()


def published_revisions(session: Session, call: Call) -> Sequence[CallRevision]:
    """Every design that was public, the newest first: that of publication and the later ones."""
    if call.published_at is None:
        return []
    query = select(CallRevision).where(CallRevision.call_id == call.id).order_by(CallRevision.number.desc())
    rows = session.scalars(query).all()
    later = [row for row in rows if row.at > call.published_at]
    return [*later, *[row for row in rows if row.at <= call.published_at][:1]]


def revision_at(session: Session, call: Call, at: datetime) -> CallRevision:
    """The design in force at an instant; NotFound before its publication."""
    if call.published_at is None or at < call.published_at:
        raise NotFound
    query = select(CallRevision).where(CallRevision.call_id == call.id, CallRevision.at <= at)
    found = session.scalars(query.order_by(CallRevision.number.desc()).limit(1)).one_or_none()
    if found is None:
        raise NotFound
    return found


def deadlines_at(call: Call, at: datetime) -> dict[str, list[PhaseDeadline]]:
    """The deadlines that had been decided by an instant, by phase; the last of each was in force."""
    return {phase.key: [row for row in phase.deadlines if row.decided_at <= at] for phase in call.phases}


def live_subscription(
    session: Session, person_id: UUID, *, call_id: UUID | None = None, authority_id: UUID | None = None
) -> CallSubscription | None:
    """Whether somebody follows this very thing."""
    row = CallSubscription
    query = select(row).where(row.person_id == person_id, row.until.is_(None))
    query = query.where(row.call_id == call_id if call_id else row.authority_id == authority_id)
    return session.scalars(query).one_or_none()


def subscriptions_around(session: Session, actor: Actor, call: Call) -> dict[str, CallSubscription]:
    """The actor's subscriptions to this call ("call") and to its authority ("authority")."""
    if actor.person_id is None:
        return {}
    row = CallSubscription
    query = select(row).where(row.person_id == actor.person_id, row.until.is_(None))
    query = query.where(or_(row.call_id == call.id, row.authority_id == call.authority_id))
    return {"call" if found.call_id else "authority": found for found in session.scalars(query)}


def subscriptions_of(session: Session, actor: Actor) -> Sequence[CallSubscription]:
    """Everything that the actor follows, the newest first."""
    row = CallSubscription
    query = select(row).where(row.person_id == actor.person_id, row.until.is_(None))
    query = query.options(joinedload(row.call), joinedload(row.authority))
    return session.scalars(query.order_by(row.since.desc(), row.id.desc())).all()


def subscription_for_update(session: Session, subscription_id: UUID) -> CallSubscription | None:
    """A subscription, locked."""
    query = select(CallSubscription).where(CallSubscription.id == subscription_id)
    return session.scalars(query.with_for_update(of=CallSubscription)).one_or_none()


def subscription_with_its_object(session: Session, subscription_id: UUID) -> CallSubscription:
    """A subscription with what it follows, or NotFound."""
    row = CallSubscription
    query = select(row).where(row.id == subscription_id).options(joinedload(row.call), joinedload(row.authority))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found
