"""A link of a question after the end: looking at it changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.queries import token_hash
from portal.coaching.followup.queries.office import WITH_PROJECT
from portal.coaching.followup.rules import LinkState
from portal.coaching.models import FollowUp, FollowUpLink
from portal.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What whoever holds a link sees: the project by its name, and whether it may still be answered."""

    link: FollowUpLink
    state: LinkState

    @property
    def title(self) -> str:
        """The name of the project: nothing else of it is told."""
        return self.link.follow_up.grant.application.title


def link_page(session: Session, token: str, now: datetime) -> LinkPage:
    """The page of a link; NotFound for one that nobody sent."""
    link = link_to_answer(session, token)
    return LinkPage(link, state_of(link, now))


def link_to_answer(session: Session, token: str) -> FollowUpLink:
    """The link with this token, its question and project; NotFound for any other."""
    query = select(FollowUpLink).options(
        joinedload(FollowUpLink.follow_up).options(WITH_PROJECT, joinedload(FollowUp.answer))
    )
    found = session.scalars(query.where(FollowUpLink.token_hash == token_hash(token))).one_or_none()
    if found is None:
        raise NotFound
    return found


def state_of(link: FollowUpLink, now: datetime) -> LinkState:
    """What a link is good for now."""
    if link.follow_up.answer is not None:
        return LinkState.ANSWERED
    if link.void_at is not None:
        return LinkState.VOID
    return LinkState.OPEN if now < link.expires_at else LinkState.EXPIRED
