"""Which answers of a draft were taken over from an application to another call."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application, ReusedAnswer


def reused_in(session: Session, application_id: UUID) -> Sequence[Any]:
    """Key, version, and the reference of the application that each came from."""
    query = (
        select(ReusedAnswer.key, ReusedAnswer.version, Application.reference)
        .join(Application, Application.id == ReusedAnswer.source_id)
        .where(ReusedAnswer.application_id == application_id)
        .order_by(ReusedAnswer.id)
    )
    return session.execute(query).all()
