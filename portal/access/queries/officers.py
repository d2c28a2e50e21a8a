"""Which officers are told of what happens to an object."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Guard, Role, Tie
from portal.access.queries.people import people_tied, people_with_role
from portal.access.seals import sealed_until


def officers_told(session: Session, guard: Guard, now: datetime) -> Sequence[Person]:
    """The officers of its authority without whoever has a conflict there, by name; nobody while it is sealed."""
    if guard.authority_id is None:
        return []
    if guard.under is not None and sealed_until(session, [guard.under]).get(guard.under, now) > now:
        return []
    apart = {
        person.id for object_id in guard.objects for person in people_tied(session, object_id, [Tie.CONFLICTED], now)
    }
    officers = people_with_role(session, Role.OFFICER, guard.authority_id, now)
    return [person for person in officers if person.id not in apart]
