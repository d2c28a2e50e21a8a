"""Sending with all that the call asks for besides answers: for rehearsals and the demonstration, without pages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.rules.facts import local_day
from portal.applications.models import Submission
from portal.applications.operations.sign_off import sign_off
from portal.applications.operations.submit import submit_application
from portal.applications.queries import draft_for
from portal.applications.queries.sign_offs import digest_of, is_asked
from portal.applications.sending import everything
from portal.core.actor import Actor


def submit_with_everything(
    session: Session, *, application_id: UUID, actor: Actor, received_at: datetime, now: datetime, exempt: str = ""
) -> Submission:
    """Confirm it where the call wants that, accept every declaration, and send.

    It gives a stamp of its own, or the exemption with this key where the call has it.
    """
    opened = draft_for(session, application_id, actor, Action.APPLICATION_SUBMIT)
    design, number = opened.draft.design, f"{application_id.int % 10**14:014d}"
    given = everything(design, number=number, day=local_day(received_at), exempt=exempt)
    if is_asked(opened) and opened.assessment.is_clear and opened.application.phase.is_open(now):
        sign_off(session, application_id=application_id, seen=digest_of(opened), declared=given.declared, actor=actor,
                 now=now)  # fmt: skip
    return submit_application(
        session, application_id=application_id, actor=actor, received_at=received_at, now=now, given=given
    )
