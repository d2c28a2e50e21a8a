"""Reading one's own inbox."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.notices.models import Notice


def latest_notices(session: Session, actor: Actor, most: int = 8) -> Sequence[Notice]:
    """The newest lines of the actor's own inbox."""
    query = select(Notice).where(Notice.person_id == actor.person_id).order_by(Notice.at.desc(), Notice.id.desc())
    return session.scalars(query.limit(most)).all()
