"""Telling the rest of this room that the money of grants has changed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.events import announce
from portal.grants.models import Grant
from portal.payments.rules import FOLLOWED, GrantMoneyChanged


def money_changed(session: Session, *, grants: Iterable[Grant], actor: Actor, now: datetime) -> None:
    """Their state may follow; of a grant that is under way nothing does, and nothing is asked."""
    for grant in {each.id: each for each in grants if each.status in FOLLOWED}.values():
        announce(session, GrantMoneyChanged(grant_id=grant.id, actor=actor, at=now))
