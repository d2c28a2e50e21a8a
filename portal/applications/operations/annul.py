"""Annulling the protocol entry of a version that does not count: an act of the office."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.models import Application, Submission
from portal.applications.queries import application_locked
from portal.applications.rules import ApplicationStatus
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotFound
from portal.core.i18n import lazy_
from portal.register.operations import annul_entry


class StillCounts(Conflict):
    """What counts is not annulled in the register under the applicant's feet."""

    default = lazy_(
        "This is the version that counts: it cannot be annulled. Exclude the application, or wait until it is withdrawn"
        " or sent again."
    )


def annul_registration(
    session: Session,
    *,
    application_id: UUID,
    submission_id: UUID,
    act_number: str,
    act_date: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Submission:
    """Annul one registered version in the protocol; content, number and row stay. Raises StillCounts."""
    application = application_locked(session, application_id, actor, Action.ADMISSIBILITY_DECIDE)
    found = next((each for each in application.submissions if each.id == submission_id), None)
    if found is None:
        raise NotFound
    if not may_be_annulled(application=application, submission=found):
        raise StillCounts
    annul_entry(
        session, entry=found.protocol_entry, act_number=act_number, act_date=act_date, reason=reason, actor=actor,
        now=now,
    )  # fmt: skip
    return found


def may_be_annulled(*, application: Application, submission: Submission) -> bool:
    """Whether another version counts in its place, or none any more."""
    left = application.status in (ApplicationStatus.WITHDRAWN, ApplicationStatus.EXCLUDED)
    return left or submission is not application.submission
