"""What closing does when a lower room, or another part of this one, announces something; `portal.app` subscribes it."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.operations.members import KeptApart
from portal.access.rules.members import MemberJoining
from portal.core.i18n import lazy_
from portal.grants.models import Grant
from portal.grants.rules import ENDED, GrantStatus
from portal.payments.closing.models import FinalAccount
from portal.payments.closing.operations.following import follow, free_what_came_back
from portal.payments.closing.rules import AccountStatus
from portal.payments.rules import FOLLOWED, GrantMoneyChanged

UNTIL_CLOSED = frozenset({GrantStatus.ACTIVE, GrantStatus.SUSPENDED, GrantStatus.CLOSING})


def follow_the_money(session: Session, event: GrantMoneyChanged) -> None:
    """The state of the grant follows; one that is under way asks nothing of the database."""
    grant = session.get_one(Grant, event.grant_id)
    if grant.status in FOLLOWED:
        if grant.status in ENDED:
            free_what_came_back(session, grant=grant, actor=event.actor, now=event.at)
        follow(session, grant=grant, now=event.at)


def keep_closers_apart(session: Session, event: MemberJoining) -> None:
    """Whoever prepared or approved a final account becomes no member of its recipient before the end (P10)."""
    theirs = or_(FinalAccount.prepared_by == event.person_id, FinalAccount.approved_by == event.person_id)
    query = (
        select(FinalAccount.id)
        .join(Grant, Grant.id == FinalAccount.grant_id)
        .where(theirs, Grant.organisation_id.in_(event.organisation_ids), Grant.status.in_(UNTIL_CLOSED))
        .where(FinalAccount.status != AccountStatus.WITHDRAWN)
    )
    if session.scalars(query.limit(1)).first() is None:
        return
    why = lazy_(
        "You prepared or approved the final account of this organisation: you cannot become a member before its grant"
        " is closed (rule P10)."
    )
    raise KeptApart(why if event.asks else None)


SUBSCRIPTIONS = ((MemberJoining, keep_closers_apart), (GrantMoneyChanged, follow_the_money))
