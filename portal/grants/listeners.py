"""What this room does when a lower one announces something; `portal.app` subscribes it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.evaluation.afterwards import SetApart
from portal.grants.models import Grant
from portal.grants.rules import ENDED


def tell_what_is_set_apart(session: Session, event: SetApart) -> None:
    """A ranking is run down again: grants that stand keep the money they took from the budget."""
    query = (
        select(Grant.application_id, Grant.granted_cents)
        .where(Grant.application_id.in_(event.application_ids), Grant.status.not_in(ENDED))
        .order_by(Grant.id)
    )
    event.cents.update((application, cents) for application, cents in session.execute(query))
