"""Where teams stand: stage and final ratings of any number of grants, in one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Integer, Select, String, cast, func, null, select, union_all
from sqlalchemy.orm import Session

from portal.access.rules import OrganisationKind
from portal.calls.rules.design import MaturityMoment, MaturityRules
from portal.coaching.maturity.rules import LIVE, ORDER, Side
from portal.coaching.maturity.signals import Raised, Ratings, WarningKind
from portal.coaching.maturity.stages import StageFacts, Standing, standing_of
from portal.coaching.models import Assessment, EarlyWarning, FollowUp, FollowUpAnswer, FollowUpIncome, Rating
from portal.core.db import JsonDocument
from portal.grants.models import Grant


@dataclass(frozen=True, slots=True)
class Grown:
    """One team: where it stands, its final ratings by moment and side, and its open warnings where they are asked."""

    rules: MaturityRules
    standing: Standing
    ratings: Ratings = field(default_factory=dict)
    warnings: tuple[Raised, ...] = ()


def rules_of(grant: Grant) -> MaturityRules | None:
    """How the call rates maturity, if it does: no phase has rules of its own."""
    return grant.call.design.maturity


def grown(session: Session, grants: Sequence[Grant], *, with_warnings: bool = False) -> dict[UUID, Grown]:
    """The teams whose call rates maturity, by grant: one statement. Grants come with call and organisation."""
    rated = {each.id: each for each in grants if rules_of(each) is not None}
    if not rated:
        return {}
    ratings: dict[UUID, dict[Any, dict[str, int]]] = {}
    told: dict[UUID, Told] = {}
    raised: dict[UUID, list[Raised]] = {}
    parts = [_ratings(rated), _told(rated), *([_raised(rated)] if with_warnings else [])]
    for row in session.execute(union_all(*parts).order_by("day", "side")):
        if row.day is None:
            raised.setdefault(row.grant_id, []).append(Raised(WarningKind(row.moment), row.side, row.levels))
        elif row.side is not None:
            ratings.setdefault(row.grant_id, {})[MaturityMoment(row.moment), Side(row.side)] = row.levels
        else:
            told.setdefault(row.grant_id, {})[row.months] = (row.is_alive, row.cents)
    return {
        key: replace(_grown(grant, ratings.get(key, {}), told.get(key, {})), warnings=tuple(raised.get(key, ())))
        for key, grant in rated.items()
    }


def final_ratings(session: Session, grant_ids: Sequence[UUID]) -> dict[UUID, dict[Any, dict[str, int]]]:
    """Levels by grant, then by moment and side: what is given for good."""
    found: dict[UUID, dict[Any, dict[str, int]]] = {}
    for row in session.execute(_ratings(grant_ids).order_by(Assessment.opens_on, Rating.side)):
        found.setdefault(row.grant_id, {})[MaturityMoment(row.moment), Side(row.side)] = row.levels
    return found


Told = dict[int, tuple[bool | None, int]]
"""By months after the end: alive or not (None: not told), and income in cents."""
Lines = Select[Any, Any, Any, Any, Any, Any, Any, Any]


def _ratings(grant_ids: Collection[UUID]) -> Lines:
    return (
        select(
            Assessment.grant_id, Assessment.opens_on.label("day"), cast(Assessment.moment, String).label("moment"),
            cast(Rating.side, String).label("side"), Rating.levels, cast(null(), Integer).label("months"),
            cast(null(), Boolean).label("is_alive"), cast(null(), Integer).label("cents"),
        )
        .join(Rating, Rating.assessment_id == Assessment.id)
        .where(Assessment.grant_id.in_(grant_ids), Rating.final_at.is_not(None))
    )  # fmt: skip


def _told(grant_ids: Collection[UUID]) -> Lines:
    income = (
        select(func.coalesce(func.sum(FollowUpIncome.cents), 0))
        .where(FollowUpIncome.answer_id == FollowUpAnswer.id)
        .scalar_subquery()
    )
    return (
        select(
            FollowUp.grant_id, FollowUp.opens_on.label("day"), cast(null(), String).label("moment"),
            cast(null(), String).label("side"), cast(null(), JsonDocument).label("levels"),
            FollowUp.months, FollowUpAnswer.is_alive, cast(income, Integer).label("cents"),
        )
        .outerjoin(FollowUpAnswer, FollowUpAnswer.follow_up_id == FollowUp.id)
        .where(FollowUp.grant_id.in_(grant_ids))
    )  # fmt: skip


def _raised(grant_ids: Collection[UUID]) -> Lines:
    """Warnings that nobody of the office has seen and whose facts hold: they bear no day, their mark as the side."""
    query = select(
        EarlyWarning.grant_id, cast(null(), Date).label("day"), cast(EarlyWarning.kind, String).label("moment"),
        cast(EarlyWarning.mark, String).label("side"), EarlyWarning.figures.label("levels"),
        cast(null(), Integer).label("months"), cast(null(), Boolean).label("is_alive"),
        cast(null(), Integer).label("cents"),
    )  # fmt: skip
    is_open = (EarlyWarning.seen_at.is_(None), EarlyWarning.over_at.is_(None))
    return query.where(EarlyWarning.grant_id.in_(grant_ids), *is_open)


def _grown(grant: Grant, ratings: Ratings, told: Told) -> Grown:
    rules = rules_of(grant)
    assert rules is not None
    return Grown(rules, standing_of(_facts(grant, rules, ratings, told), rules), ratings)


def _facts(grant: Grant, rules: MaturityRules, ratings: Ratings, told: Told) -> StageFacts:
    by_coach = [ratings[moment, Side.COACH] for moment in ORDER if (moment, Side.COACH) in ratings]
    months = rules.stages.alive_months
    is_alive, income = told.get(months, (None, 0))
    return StageFacts(
        is_entity=grant.organisation.kind is not OrganisationKind.INFORMAL_GROUP,
        is_in_force=grant.status in LIVE,
        levels=by_coach[-1] if by_coach else None,
        is_asked=months in told,
        is_alive=is_alive,
        income_cents=income,
    )
