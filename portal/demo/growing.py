"""How the teams of the demonstration grow: their call rates maturity, and most were rated at its first moments."""

from pydantic import TypeAdapter
from sqlalchemy import select

from portal.access.queries import actor_of
from portal.calls.designer.growing import USUAL_WARNINGS, usual_dimensions
from portal.calls.rules.design import FollowUpRules, MaturityMoment, MaturityRules
from portal.coaching.maturity.operations import finalise_rating, look_for_warnings, save_rating
from portal.coaching.models import Assessment, Engagement
from portal.core.actor import Actor
from portal.demo.granting import Team
from portal.demo.stage import Stage
from portal.grants.rules import GrantStatus

MATURITY = TypeAdapter(MaturityRules).validate_python(
    {"dimensions": usual_dimensions(), "warnings": USUAL_WARNINGS, "stages": {"income_after": 5000}}
)
FOLLOW_UP = FollowUpRules()
"""What the call with grants asks: the dimensions and questions that the designer offers first."""

Levels = tuple[int, ...]
STORIES: tuple[tuple[tuple[MaturityMoment, Levels, Levels], ...], ...] = (
    ((MaturityMoment.ENTRY, (2, 2, 1, 2, 3, 2), (2, 2, 1, 1, 2, 2)),
     (MaturityMoment.MIDDLE, (3, 3, 2, 2, 3, 2), (3, 2, 2, 2, 3, 2))),
    ((MaturityMoment.ENTRY, (2, 1, 2, 2, 2, 1), (1, 1, 1, 2, 2, 1)),
     (MaturityMoment.MIDDLE, (3, 2, 4, 3, 3, 2), (2, 2, 2, 2, 3, 2))),
    ((MaturityMoment.ENTRY, (3, 3, 2, 2, 3, 2), (3, 2, 2, 2, 3, 2)),
     (MaturityMoment.MIDDLE, (3, 2, 3, 3, 3, 3), (3, 1, 2, 2, 3, 2))),
    ((MaturityMoment.ENTRY, (1, 2, 1, 1, 2, 1), (1, 1, 1, 1, 2, 1)),),
)  # fmt: skip
"""Levels as the team gives them, then as its coach does, dimension by dimension; teams take turns."""
WORDS = {"economy": "Due clienti hanno rinnovato; il tesseramento non basta ancora.",
         "team": "Da gennaio la contabilità è passata di mano."}  # fmt: skip
RATED, ANSWERED_AFTER = 9, 9
"""So many teams are rated, so many days after a moment opens."""


def grow(stage: Stage, teams: list[Team]) -> None:
    """Ratings of the teams under way, side by side; then the early warnings of today. The last ones have given none."""
    active = [team for team in teams if team.grant.status is GrantStatus.ACTIVE]
    for number, team in enumerate(active[:RATED]):
        for moment, by_team, by_coach in STORIES[number % len(STORIES)]:
            _rated(stage, team, moment, by_team, by_coach)
    look_for_warnings(stage.session, now=stage.now)


def _rated(stage: Stage, team: Team, moment: MaturityMoment, by_team: Levels, by_coach: Levels) -> None:
    query = select(Assessment).where(Assessment.grant_id == team.grant.id, Assessment.moment == moment)
    row = stage.session.scalars(query).one()
    began = (row.opens_on - stage.day(0)).days + ANSWERED_AFTER
    if began > 0:
        return
    _give(stage, row, by_team, stage.actor(team.owner), began, WORDS)
    if (coach := _coach(stage, team)) is not None:
        _give(stage, row, by_coach, coach, began, {})


def _give(stage: Stage, row: Assessment, levels: Levels, actor: Actor, days: int, words: dict[str, str]) -> None:
    said = {each.key: level for each, level in zip(MATURITY.dimensions, levels, strict=True)}
    now = stage.at(days, 17)
    save_rating(stage.session, assessment_id=row.id, levels=said, words=words, version=0, actor=actor, now=now)
    finalise_rating(stage.session, assessment_id=row.id, actor=actor, now=now)


def _coach(stage: Stage, team: Team) -> Actor | None:
    live = select(Engagement).where(Engagement.application_id == team.grant.application_id, Engagement.until.is_(None))
    found = stage.session.scalars(live).one_or_none()
    return actor_of(stage.session, found.coach, stage.now) if found else None
