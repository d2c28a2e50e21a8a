"""What this room does when a lower one announces something; `portal.app` subscribes it."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.operations.members import KeptApart
from portal.access.rules.members import MemberJoining
from portal.core.i18n import lazy_
from portal.grants.models import Grant
from portal.payments.models import Tranche
from portal.payments.rules import UNDER_WAY


def keep_payers_apart(session: Session, event: MemberJoining) -> None:
    """Whoever proposed or approved a payment that is under way does not become a member of who is paid (P10)."""
    theirs = or_(Tranche.proposed_by == event.person_id, Tranche.approved_by == event.person_id)
    query = (
        select(Tranche.id)
        .join(Grant, Grant.id == Tranche.grant_id)
        .where(theirs, Grant.organisation_id.in_(event.organisation_ids), Tranche.status.in_(UNDER_WAY))
    )
    if session.scalars(query.limit(1)).first() is None:
        return
    why = lazy_(
        "You proposed or approved a payment to this organisation that is still under way: you cannot become a member"
        " before it is paid (rule P10)."
    )
    raise KeptApart(why if event.asks else None)
