"""A reserve is lifted when its condition was met, or turns into an exclusion: by an act with its reason."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.models import ReserveOutcome
from portal.applications.operations.integration import LONGEST_REASON, needed_text, tell_team
from portal.applications.operations.renounce import exclude_application
from portal.applications.queries import application_locked
from portal.applications.queries.admissibility import reserve_of
from portal.applications.rules import LEFT, ApplicationStatus
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_


def decide_reserve(
    session: Session, *, application_id: UUID, is_lifted: bool, reason: str, actor: Actor, now: datetime
) -> ReserveOutcome:
    """Lift the reserve, or exclude the application. Nothing happens by itself when its day comes.

    Raises Conflict where none is open, Invalid without a reason, IllegalMove where it can no longer be excluded.
    """
    application = application_locked(session, application_id, actor, Action.ADMISSIBILITY_DECIDE)
    reserve = reserve_of(session, application)
    if reserve is None or reserve.outcome is not None or application.status in LEFT:
        raise Conflict(lazy_("No reserve is open here."))
    if not is_lifted and application.status is ApplicationStatus.FUNDED:
        raise Conflict(
            lazy_(
                "It won in the final ranking: it leaves it by an act that records the forfeiture, on the page of what"
                " follows the ranking."
            )
        )
    why = needed_text(text=reason, field="reason", most=LONGEST_REASON)
    outcome = ReserveOutcome(reserve_id=reserve.id, at=now, decided_by=actor.person_id, is_lifted=is_lifted, reason=why)
    reserve.outcome = outcome
    session.flush()
    record(session, at=now, actor=actor, event="application.reserve_decided", subject=application,
           after={"lifted": is_lifted}, reason=why)  # fmt: skip
    if not is_lifted:
        exclude_application(session, application_id=application_id, reason=why, actor=actor, now=now)
        return outcome
    words = lazy_("%(reference)s: the reserve was lifted.", reference=application.reference)
    path = f"/applications/{application.id}"
    tell_team(
        session,
        application=application,
        text=words,
        template="applications/reserve_lifted",
        now=now,
        path=path,
        why=why,
    )
    return outcome
