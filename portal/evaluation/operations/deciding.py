"""Deciding on what the portal suggested: a conflict, or none, by a person and with a reason."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie, allowed, authorise
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, NotFound
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.evaluation.models import ConflictSuggestion, SuggestionDecision
from portal.evaluation.operations.finding import note_found_conflict
from portal.evaluation.operations.leaving import WHY, leave_commission, leaves_call, replace_for_application
from portal.evaluation.operations.naming import open_what_is_free
from portal.evaluation.points import LONGEST_REASON
from portal.evaluation.queries.seats import commission_of


class DecidedAlready(Conflict):
    """A decision stays."""

    default = lazy_("This was decided already. Reload the page.")


class NotOnOneself(Forbidden):
    """Nobody decides on their own conflict."""

    default = lazy_("Nobody decides on their own conflict: leave it to the office.")


def decide_suggestion(
    session: Session, *, application_id: UUID, person_id: UUID, is_conflict: bool, reason: str, actor: Actor,
    now: datetime,
) -> list[SuggestionDecision]:  # fmt: skip
    """Decide on everything that the portal suggested about an evaluator and an application and nobody decided yet.

    A conflict has the effect that the call declares; dismissed, what the evaluator declared opens the proposal. Raises
    Invalid without a reason, NotOnOneself, DecidedAlready.
    """
    application = session.get(Application, application_id)
    commission = commission_of(session, application.phase_id) if application is not None else None
    if application is None or commission is None or application_id in actor.objects_tied_as(Tie.CONFLICTED):
        raise NotFound
    if not allowed(actor, Action.CONFLICT_DECIDE, commission):
        raise NotFound
    authorise(actor, Action.CONFLICT_DECIDE, commission)
    if person_id == actor.person_id:
        raise NotOnOneself
    why = written(reason, most=LONGEST_REASON, field="reason", empty=lazy_("Write why you decide so."))
    rows = [_decide(session, each, is_conflict, why, actor, now) for each in _open(session, application_id, person_id)]
    if not rows:
        raise DecidedAlready
    if not is_conflict:
        open_what_is_free(session, commission=commission, actor=actor, now=now)
        return rows
    note_found_conflict(session, application_id=application_id, person_id=person_id, reason=why, actor=actor, now=now)
    if leaves_call(phase=application.phase):
        leave_commission(session, commission=commission, person_id=person_id, reason=WHY, now=now)
    else:
        replace_for_application(session, application=application, person_id=person_id, actor=actor, now=now)
    return rows


def _open(session: Session, application_id: UUID, person_id: UUID) -> Sequence[ConflictSuggestion]:
    query = (
        select(ConflictSuggestion)
        .outerjoin(SuggestionDecision, SuggestionDecision.suggestion_id == ConflictSuggestion.id)
        .where(ConflictSuggestion.application_id == application_id, ConflictSuggestion.person_id == person_id)
        .where(SuggestionDecision.id.is_(None))
        .order_by(ConflictSuggestion.likeness)
    )
    return session.scalars(query).all()


def _decide(
    session: Session, suggestion: ConflictSuggestion, is_conflict: bool, why: str, actor: Actor, now: datetime
) -> SuggestionDecision:
    row = SuggestionDecision(
        suggestion_id=suggestion.id, is_conflict=is_conflict, reason=why, decided_by=actor.person_id, decided_at=now
    )
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, event=Action.CONFLICT_DECIDE, subject=row, reason=why,
           after={"likeness": suggestion.likeness, "is_conflict": is_conflict})  # fmt: skip
    return row
