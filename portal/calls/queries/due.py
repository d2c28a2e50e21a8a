"""What an officer's calls wait for: approval, publication, answers, the beginning of evaluation."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.calls.models import Call, CallAnswer, CallQuestion, Phase
from portal.calls.rules import CallStatus, PhaseStatus
from portal.core.actor import Actor
from portal.core.i18n import _, in_language, ngettext
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

BEGIN_WITHIN = timedelta(days=7)
"""Days after a deadline by which the desk asks the office to begin the evaluation."""

ANSWER_WITHIN = timedelta(days=5)
"""Days after a question by which the desk asks the office to answer it."""


def calls_that_wait(session: Session, actor: Actor, now: datetime) -> list[tuple[Call, Phase | None]]:
    """Calls where the actor is an officer: each running phase past its deadline, the oldest first; drafts, approved.

    An approved call that goes out by itself at an instant to come waits for nobody.
    """
    past = and_(
        Phase.call_id == Call.id, Call.status == CallStatus.PUBLISHED,
        Phase.status == PhaseStatus.RUNNING, Phase.closes_at < now,
    )  # fmt: skip
    undecided = and_(
        Call.status.in_((CallStatus.DRAFT, CallStatus.APPROVED)), or_(Call.publish_at.is_(None), Call.publish_at < now)
    )
    query = (
        select(Call, Phase)
        .outerjoin(Phase, past)
        .where(Call.authority_id.in_(actor.authorities_as("officer")), or_(Phase.id.is_not(None), undecided))
        .order_by(Phase.closes_at, Phase.id, Call.status_at, Call.slug)
    )
    return [(call, phase) for call, phase in session.execute(query)]


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """What an officer's calls wait for: approval, publication, the beginning of evaluation."""
    if not actor.authorities_as("officer"):
        return []
    found = calls_that_wait(session, actor, now)
    begin = [_beginning(call, phase) for call, phase in found if phase is not None]
    return begin + [_decision(call, now) for call, phase in found if phase is None]


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Questions of the public that no officer has answered yet: one line a call, the oldest question first."""
    authorities = actor.authorities_as("officer")
    if not authorities:
        return
    answered = select(CallAnswer.id).where(CallAnswer.question_id == CallQuestion.id).exists()
    waiting = (
        select(
            CallQuestion.call_id,
            func.count(CallQuestion.id).label("number"),
            func.min(CallQuestion.asked_at).label("at"),
        )
        .where(CallQuestion.set_aside_at.is_(None), ~answered)
        .group_by(CallQuestion.call_id)
        .subquery()
    ).c
    query = (
        select(*line(name=Call.slug, title=Call.title, number=waiting.number, at=waiting.at))
        .join(Call, Call.id == waiting.call_id)
        .where(Call.authority_id.in_(authorities), Call.published_at.is_not(None))
    )
    yield Ask(query, (waiting.at, Call.id), _answers)


def _beginning(call: Call, phase: Phase) -> DueStep:
    return DueStep(
        what=str(_("Begin the evaluation of the applications")),
        button=str(_("Begin")),
        path=f"/manage/calls/{call.slug}",
        by=phase.closes_at + BEGIN_WITHIN,
        why=str(_("The deadline has passed: the commission is appointed once the evaluation begins.")),
        place=in_language(call.title),
    )


def _decision(call: Call, now: datetime) -> DueStep:
    what, why = _("Check and approve the draft of the call"), _("Somebody else than who wrote it approves it.")
    if call.awaits_publication:
        what, why = _("Publish the approved call"), _("It was approved by a second person.")
    if call.publish_at is not None and call.publish_at < now:
        why = _("It should have gone out by itself and did not: look at the list of what is missing.")
    return DueStep(
        what=str(what),
        button=str(_("Open")),
        path=f"/manage/calls/{call.slug}",
        why=str(why),
        place=in_language(call.title),
    )


def _answers(found: Any) -> DueStep:
    number: int = found.number
    return DueStep(
        what=ngettext("Answer %(num)d question about the call", "Answer %(num)d questions about the call", number),
        button=_("Give an answer"),
        path=f"/manage/calls/{found.name}/questions",
        by=found.at + ANSWER_WITHIN,
        why=_("Question and answer are published to everybody at once."),
        place=in_language(found.title),
    )
