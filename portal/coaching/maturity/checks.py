"""Invariants of maturity: what is given for good is whole, no stage-deciding level is one that nobody described."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.coaching.maturity.queries.sheet import WITH_CALL
from portal.coaching.maturity.queries.standings import rules_of
from portal.coaching.maturity.rules import missing_levels
from portal.coaching.models import Assessment, FollowUpAnswer, FollowUpLink, Rating


def broken(session: Session) -> Iterator[str]:
    """One line for each final rating that lacks a dimension, and each answer through a link of another question."""
    query = select(Rating).options(joinedload(Rating.assessment).joinedload(Assessment.grant).options(*WITH_CALL))
    for each in session.scalars(query.where(Rating.final_at.is_not(None)).order_by(Rating.id)):
        rules = rules_of(each.assessment.grant)
        if rules is None or missing_levels(rules, each.levels):
            yield f"coaching: the final rating {each.id} does not say a level for every dimension of its call"
    astray = (
        select(FollowUpAnswer.id)
        .join(FollowUpLink, FollowUpLink.id == FollowUpAnswer.link_id)
        .where(FollowUpLink.follow_up_id != FollowUpAnswer.follow_up_id)
    )
    for answer_id in session.scalars(astray.order_by(FollowUpAnswer.id)):
        yield f"coaching: the answer {answer_id} came by the link of another question"
