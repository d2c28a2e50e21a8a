"""Closing a phase to applications, so that its evaluation can begin."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.models import Phase
from portal.calls.queries import phase_for_update
from portal.calls.rules import EVALUATE
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, IllegalMove
from portal.core.i18n import lazy_


class DeadlineNotPassed(Conflict):
    """Evaluation begins once nothing more can arrive."""

    default = lazy_("The deadline has not passed yet: the evaluation begins after it.")


def begin_evaluation(session: Session, *, phase_id: UUID, actor: Actor, now: datetime) -> Phase:
    """Close a phase to applications for good; DeadlineNotPassed while one could still be accepted."""
    phase = phase_for_update(session, phase_id)
    authorise(actor, Action.CALL_PUBLISH, phase.call)
    if not phase.may_be_extended:
        raise IllegalMove("change a running phase", phase.status)
    if now <= phase.deadline.accepted_until:
        raise DeadlineNotPassed
    before = {"phase": phase.key, "status": phase.status}
    phase.make(EVALUATE, at=now)
    after = {"phase": phase.key, "status": phase.status}
    record(session, at=now, actor=actor, event="phase.evaluation", subject=phase.call, before=before, after=after)
    return phase
