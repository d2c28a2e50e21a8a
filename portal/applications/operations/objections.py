"""Before a refusal: the office says what it means to refuse and why, the applicant answers (art. 10-bis L. 241/1990).

A call with a ranking may do without (the article does not bind it): then there is no such step.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.admissibility import end_of_term
from portal.applications.labels import POINTS
from portal.applications.models import Application, RejectionNotice, RejectionObservations
from portal.applications.operations.admissibility import (
    must_be_decidable,
    must_be_over,
    must_have_reasons,
    must_not_be_mending,
)
from portal.applications.operations.integration import LONGEST_REASON, needed_text, register_letter, tell_team
from portal.applications.queries import application_locked
from portal.applications.queries.admissibility import notice_of
from portal.applications.queries.elsewhere import points_of
from portal.applications.rules import NOT_ADMIT
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, Conflict, IllegalMove
from portal.core.i18n import in_both, lazy_
from portal.core.instants import Instant
from portal.core.text import clean_text
from portal.register.operations import register_document
from portal.register.rules import Direction

LONGEST_ANSWER = 10_000


class ObjectionClosed(Closed):
    """An answer to a notice is taken until its last instant."""

    default = lazy_("The term to answer is over.")


def notice_rejection(
    session: Session,
    *,
    application_id: UUID,
    checklist: Mapping[str, bool],
    notes: Mapping[str, str],
    reason: str,
    actor: Actor,
    now: datetime,
) -> RejectionNotice:
    """Tell a team what the office means to refuse, point by point; it may answer in writing within the call's days.

    Raises TermStillOpen, StillMending, IllegalMove, InvalidForm, Conflict where one was sent or the call has no such
    step.
    """
    application = application_locked(session, application_id, actor, Action.ADMISSIBILITY_DECIDE)
    must_be_over(application=application, now=now)
    days = application.design.admission.objection_days
    if application.status not in NOT_ADMIT.sources:
        raise IllegalMove(NOT_ADMIT.name, str(application.status))
    if not days or notice_of(session, application) is not None:
        raise Conflict(lazy_("A notice was sent already, or this call has no such step."))
    must_not_be_mending(session, application=application, now=now)
    why = needed_text(text=reason, field="reason", most=LONGEST_REASON)
    unmet = must_be_decidable(points=points_of(session, application), may_be=False, given=checklist)
    must_have_reasons(unmet=unmet, notes=notes, reason=why)
    said = [
        {"point": each.key.value, "name": in_both(POINTS[each.key]), "why": clean_text(notes.get(each.key.value, ""))}
        for each in unmet
    ]
    notice = _notice(session, application, said, why, actor, now)
    after = {"points": [each["point"] for each in said], "until": notice.due_at.isoformat()}
    record(session, at=now, actor=actor, event="application.rejection_noticed", subject=application, after=after,
           reason=why)  # fmt: skip
    words = lazy_("%(reference)s: the office means not to admit it. You may answer.", reference=application.reference)
    tell_team(
        session, application=application, text=words, template="applications/rejection_notice", now=now, notice=notice
    )
    return notice


def _notice(
    session: Session, application: Application, said: list[dict[str, Any]], why: str, actor: Actor, now: datetime
) -> RejectionNotice:
    told = {"points": said, "reason": why}
    entry = register_letter(
        session, application=application, what=lazy_("Notice before a refusal"), told=told, actor=actor, now=now
    )
    due_at = end_of_term(now, application.design.admission.objection_days, application.phase.zone)
    notice = RejectionNotice(
        application_id=application.id, submission=application.submission, protocol_entry_id=entry.id, at=now,
        due_at=due_at, given_by=actor.person_id, points=said, reason=why,
    )  # fmt: skip
    session.add(notice)
    session.flush()
    return notice


def send_observations(
    session: Session, *, application_id: UUID, text: str, actor: Actor, received_at: datetime, now: datetime
) -> RejectionObservations:
    """Answer a notice in writing, once, in its term: registered. Raises ObjectionClosed, Conflict, Invalid."""
    application = application_locked(session, application_id, actor, Action.OBJECTION_SEND)
    notice = notice_of(session, application)
    if notice is None or notice.observations is not None or application.status not in NOT_ADMIT.sources:
        raise Conflict(lazy_("Nothing is to be answered here, or it was answered already."))
    if received_at > notice.due_at:
        raise ObjectionClosed(
            lazy_("The term to answer ended on %(closes)s.", closes=Instant(notice.due_at, application.phase.zone))
        )
    words = needed_text(text=text, field="text", most=LONGEST_ANSWER)
    accepted_at = max(now, received_at)
    entry = register_document(
        session, authority_id=application.authority_id, direction=Direction.INCOMING,
        subject=f"{application.reference} · {in_both(lazy_('Answer to the notice before a refusal'))['it']}",
        counterpart=application.organisation.name, sha256=sha256(words.encode()).hexdigest(), actor=actor,
        now=accepted_at,
    )  # fmt: skip
    session.flush()
    observations = RejectionObservations(
        notice_id=notice.id, protocol_entry_id=entry.id, protocol_entry=entry, received_at=received_at,
        written_by=actor.person_id, text=words,
    )  # fmt: skip
    notice.observations = observations
    session.flush()
    record(session, at=now, actor=actor, event=Action.OBJECTION_SEND, subject=application,
           after={"protocol": entry.label, "characters": len(words)})  # fmt: skip
    return observations
