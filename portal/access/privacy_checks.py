"""Invariants of personal data: nothing is left of who was erased."""

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.models import Person, RoleGrant, TieRow, WebSession
from portal.access.policy import Tie
from portal.core.privacy.tags import ERASED


def broken(session: Session) -> Iterator[str]:
    """One line for each erased person who still has a name, a session, a tie or a role."""
    erased = Person.erased_at.is_not(None)
    named = select(Person.id).where(erased, or_(Person.name != ERASED, Person.closed_at.is_(None)))
    for person_id in session.scalars(named.order_by(Person.id)):
        yield f"privacy: person {person_id} was erased but still has a name or an open account"
    held = {
        "session": select(WebSession.person_id),
        "tie": select(TieRow.person_id).where(TieRow.until.is_(None), TieRow.tie != Tie.CONFLICTED),
        "role": select(RoleGrant.person_id).where(RoleGrant.until.is_(None)),
    }
    for what, of in held.items():
        left = select(Person.id).where(erased, Person.id.in_(of))
        for person_id in session.scalars(left.order_by(Person.id)):
            yield f"privacy: person {person_id} was erased but still has a {what}"
