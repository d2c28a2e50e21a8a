"""What this room does when a lower one announces something; `portal.app` subscribes it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.operations.members import KeptApart
from portal.access.rules.consortia import ConsortiumChanged, ConsortiumNews
from portal.access.rules.members import MemberJoining
from portal.applications.models import Application
from portal.applications.rules import UNDER_EVALUATION, AdmissibilityDecided, ApplicationStatus
from portal.calls.models import Call, Phase
from portal.calls.rules import CallStatus
from portal.core.i18n import lazy_
from portal.evaluation.models import Commission, CommissionMember
from portal.evaluation.operations.leaving import before_assigning
from portal.evaluation.operations.suggesting import ask_about
from portal.evaluation.queries.seats import commission_of
from portal.evaluation.rules import AssignmentBegins

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


def ask_about_the_admitted(session: Session, event: AdmissibilityDecided) -> None:
    """An application admitted once the commission sits: its names are put on the list, and asked about alone."""
    if event.is_admissible:
        _ask_about(session, [session.get_one(Application, event.application_id)], event.at)


def ask_about_new_partners(session: Session, event: ConsortiumChanged) -> None:
    """Somebody came into a consortium that is being evaluated: its names are asked about anew."""
    if event.what not in (ConsortiumNews.AGREED, ConsortiumNews.LEAD_CHANGED):
        return
    query = select(Application).where(
        Application.organisation_id == event.consortium_id, Application.status.in_(UNDER_EVALUATION)
    )
    _ask_about(session, session.scalars(query.order_by(Application.id)).all(), event.at)


def _ask_about(session: Session, applications: Sequence[Application], now: datetime) -> None:
    for application in applications:
        commission = commission_of(session, application.phase_id)
        if commission is not None:
            ask_about(session, commission=commission, applications=[application], now=now)


SUBSCRIPTIONS = (
    (MemberJoining, keep_commission_apart),
    (AssignmentBegins, before_assigning),
    (AdmissibilityDecided, ask_about_the_admitted),
    (ConsortiumChanged, ask_about_new_partners),
)
"""What of this concerns who sits on a commission."""
