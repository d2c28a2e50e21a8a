"""What this room does when a lower one announces something; `portal.app` subscribes it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.operations.members import KeptApart
from portal.access.rules.members import MemberJoining
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, Phase
from portal.calls.rules import CallStatus
from portal.core.i18n import lazy_
from portal.evaluation.models import Commission, CommissionMember

OVER = (CallStatus.CONCLUDED, CallStatus.CANCELLED)


def keep_commission_apart(session: Session, event: MemberJoining) -> None:
    """Nobody of the commission of a call becomes a member of who applies to it, until the call is over (P18)."""
    query = (
        select(CommissionMember.id)
        .join(Commission, Commission.id == CommissionMember.commission_id)
        .join(Phase, Phase.id == Commission.phase_id)
        .join(Call, Call.id == Phase.call_id)
        .join(Application, Application.call_id == Call.id)
        .where(CommissionMember.person_id == event.person_id, Call.status.not_in(OVER))
        .where(Application.organisation_id.in_(event.organisation_ids))
        .where(Application.status != ApplicationStatus.WITHDRAWN)
    )
    if session.scalars(query.limit(1)).first() is None:
        return
    why = lazy_(
        "You sit on the commission of a call to which this organisation applies: you cannot become a member before the"
        " call is over (rule P18)."
    )
    raise KeptApart(why if event.asks else None)
