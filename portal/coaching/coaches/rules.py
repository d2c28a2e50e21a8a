"""Who fits which team, and why: points with their reasons in words. A suggestion; the officer chooses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.core.i18n import lazy_

FOR_A_COMPETENCE = 3
FOR_THE_DISTRICT = 2
FOR_KNOWING_THE_TEAM = 2
FOR_ROOM = 2
FOR_THE_LANGUAGE = 1
WHEN_FULL = -5
WHEN_AWAY = -3

MOST_DISTRICTS, LONGEST_DISTRICT, LONGEST_AVAILABILITY, LONGEST_REASON, LONGEST_OBJECTIVES = 20, 80, 300, 2000, 4000
MOST_TEAMS = 50


class Language(StrEnum):
    """Languages in which teams are accompanied."""

    ITALIAN = "it"
    ENGLISH = "en"
    FRENCH = "fr"
    SPANISH = "es"
    ARABIC = "ar"
    CHINESE = "zh"
    ROMANIAN = "ro"
    UKRAINIAN = "uk"
    SIGN = "lis"


class Bar(StrEnum):
    """Why somebody does not accompany a team."""

    MEMBER = "member"
    EVALUATOR = "evaluator"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Need:
    """What a team needs: topics, the quarter it works in, a language beside Italian; the day of the choice."""

    topics: frozenset[str] = frozenset()
    district: str | None = None
    language: str | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A coach as the choice sees them. `most_teams` None: no profile yet."""

    person_id: UUID
    name: str
    competences: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    availability: str = ""
    away_until: date | None = None
    most_teams: int | None = None
    teams: int = 0
    knows_team: bool = False
    bars: frozenset[Bar] = frozenset()

    @property
    def is_full(self) -> bool:
        """Whether they accompany as many teams as they said."""
        return self.most_teams is not None and self.teams >= self.most_teams


@dataclass(frozen=True, slots=True)
class Reason:
    """Points, and what they are for."""

    points: int
    words: object


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A coach with the reasons for and against."""

    candidate: Candidate
    reasons: Sequence[Reason] = field(default_factory=tuple)

    @property
    def points(self) -> int:
        """The sum of its reasons."""
        return sum(each.points for each in self.reasons)

    @property
    def is_barred(self) -> bool:
        """Whether a conflict keeps them from this team."""
        return bool(self.candidate.bars)


def suggestions_for(candidates: Iterable[Candidate], need: Need) -> list[Suggestion]:
    """Who may accompany the team by points, then by load, then by name; who may not comes last, whatever the points."""
    found = [Suggestion(each, tuple(_reasons(each, need))) for each in candidates]
    return sorted(
        found,
        key=lambda each: (
            each.is_barred, -each.points, each.candidate.teams, each.candidate.name.casefold(),
            each.candidate.person_id,
        ),
    )  # fmt: skip


def _reasons(candidate: Candidate, need: Need) -> Iterable[Reason]:
    known = len(need.topics & candidate.competences)
    if known:
        yield Reason(
            known * FOR_A_COMPETENCE,
            lazy_("knows %(num)d of the topics needed", num=known),
        )
    if need.district and need.district.casefold() in {each.casefold() for each in candidate.districts}:
        yield Reason(FOR_THE_DISTRICT, lazy_("works in %(district)s", district=need.district))
    if need.language and need.language in candidate.languages:
        yield Reason(FOR_THE_LANGUAGE, lazy_("speaks the language needed"))
    if candidate.knows_team:
        yield Reason(FOR_KNOWING_THE_TEAM, lazy_("has accompanied this team before"))
    yield from _load(candidate)
    if candidate.away_until is not None and need.today is not None and candidate.away_until >= need.today:
        yield Reason(WHEN_AWAY, lazy_("is away for now"))


def _load(candidate: Candidate) -> Iterable[Reason]:
    if candidate.most_teams is None:
        return
    if candidate.is_full:
        yield Reason(WHEN_FULL, lazy_("accompanies %(teams)d teams of %(most)d at most", teams=candidate.teams,
                                      most=candidate.most_teams))  # fmt: skip
    else:
        yield Reason(FOR_ROOM, lazy_("has room: %(teams)d teams of %(most)d", teams=candidate.teams,
                                     most=candidate.most_teams))  # fmt: skip
