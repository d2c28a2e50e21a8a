"""What keys are called: one statement for people and things together."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, select, union_all
from sqlalchemy.orm import Session

from portal.access.models import Authority, Organisation, Person
from portal.applications.models import Application
from portal.calls.models import Call
from portal.documents.models import StoredFile
from portal.grants.models import Grant
from portal.milestones.models import Milestone
from portal.payments.models import PaymentOrder, Tranche

NAMED: tuple[tuple[Any, Any], ...] = (
    (Person.id, Person.name),
    (Organisation.id, Organisation.name),
    (Authority.id, Authority.name),
    (Application.id, Application.reference),
    (Grant.id, Grant.reference),
    (Call.id, Call.slug),
    (Tranche.id, cast(Tranche.number, String)),
    (Milestone.id, cast(Milestone.number, String)),
    (PaymentOrder.id, PaymentOrder.message_id),
    (StoredFile.id, StoredFile.name),
)


def names_of(session: Session, ids: Collection[UUID]) -> dict[str, str]:
    """The name of each key that has one, by the key as text."""
    if not ids:
        return {}
    found = union_all(*(select(key, name.label("name")).where(key.in_(ids)) for key, name in NAMED))
    return {str(key): name for key, name in session.execute(found) if name}
