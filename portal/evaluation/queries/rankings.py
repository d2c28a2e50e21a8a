"""Rankings as stored: by phase, by page, by application; and the run behind one, worked out again."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.access.policy import Action, allowed
from portal.applications.models import Application
from portal.calls.models import Call, Phase
from portal.calls.queries import phase_for_update
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotFound
from portal.core.i18n import lazy_, locale
from portal.evaluation.lists import NAMED, SIX, PublishedList, is_named, list_of
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.queries.codes import Codes, codes_of
from portal.evaluation.queries.elsewhere import is_chair_elsewhere
from portal.evaluation.queries.names import names_of_design
from portal.evaluation.queries.naming import kept_from
from portal.evaluation.ranking import WON, Outcome, compute_ranking, digest, input_json, output_json, read_input
from portal.evaluation.ranking import Ranking as Run
from portal.evaluation.rules import RankingStatus

RESERVED = (PublishedList.WITH_RESERVE,)


class StoredRankingAltered(Conflict):
    """A stored document (`what`: input or output) no longer gives the hash that was stored with it."""

    default = lazy_("The stored ranking does not match its fingerprint: nobody can rely on it. Call the administrator.")

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what


@dataclass(frozen=True, slots=True)
class LineOfRanking:
    """The results of one budget line, and its money in cents; the rows are those it pays, or would."""

    key: str
    budget_cents: int
    awarded_cents: int
    left_cents: int
    draw_between: tuple[str, ...]
    rows: list[RankingRow]


@dataclass(frozen=True, slots=True)
class ListOfRanking:
    """The ranked rows of one list, in its own order; `line` is its budget line, where it has one for itself."""

    key: str
    rows: list[RankingRow]
    line: LineOfRanking | None

    @property
    def winners(self) -> list[RankingRow]:
        """The rows down to the last winner."""
        last = max((place for place, row in enumerate(self.rows, 1) if row.outcome in WON), default=0)
        return self.rows[:last]

    @property
    def others(self) -> list[RankingRow]:
        """The rows under the last winner."""
        return self.rows[len(self.winners) :]


@dataclass(frozen=True, slots=True)
class RankingPage:
    """A ranking as it is read: ranked rows by list, then those published by reference alone.

    `names` are those of lists and lines; `lines` hold the money, `quotas` the places with how many are taken.
    """

    ranking: Ranking
    names: Mapping[str, str]
    lists: list[ListOfRanking]
    quotas: list[dict[str, Any]]
    lines: list[LineOfRanking]
    not_suitable: list[RankingRow]
    inadmissible: list[RankingRow]
    newest: Ranking | None
    codes: Codes
    """What the reader calls the applications, where names are hidden from them."""

    @property
    def all_rows(self) -> list[RankingRow]:
        """Every row of the page."""
        return [*(row for each in self.lists for row in each.rows), *self.not_suitable, *self.inadmissible]

    @property
    def counts(self) -> list[tuple[PublishedList, int]]:
        """How many stand in each of the published lists; all six, and those who left where there are any."""
        counted = Counter(list_of(row.outcome, with_reserve=row.with_reserve) for row in self.all_rows)
        return [(each, counted[each]) for each in PublishedList if each in SIX or counted[each]]

    @property
    def reserved(self) -> list[RankingRow]:
        """Those admitted with a reserve that was open."""
        return [row for row in self.all_rows if list_of(row.outcome, with_reserve=row.with_reserve) in RESERVED]

    def label_of(self, row: RankingRow) -> str:
        """What the reader calls an application."""
        return self.codes.get(row.application_id, row.application.reference)

    def is_named(self, row: RankingRow) -> bool:
        """Whether the applicant's name is published, and not hidden from the reader."""
        return not self.codes and is_named(self.ranking.phase.design, row.application.entered_as[0], row.outcome)

    @property
    def admitted(self) -> int:
        """How many applications were scored."""
        return sum(len(each.rows) for each in self.lists) + len(self.not_suitable)

    @property
    def budget_cents(self) -> int:
        """The whole budget."""
        return sum(line.budget_cents for line in self.lines)


def rankings_of(session: Session, phase_id: UUID) -> Sequence[Ranking]:
    """Every version of the ranking of a phase, newest first."""
    query = select(Ranking).where(Ranking.phase_id == phase_id).order_by(Ranking.version.desc())
    return session.scalars(query).all()


def ranking_for_update(session: Session, ranking_id: UUID) -> tuple[Ranking, Phase]:
    """One version with its phase, both locked (the phase first, as where a version is computed); or NotFound."""
    phase_id = session.scalar(select(Ranking.phase_id).where(Ranking.id == ranking_id))
    if phase_id is None:
        raise NotFound
    phase = phase_for_update(session, phase_id)
    query = select(Ranking).where(Ranking.id == ranking_id).with_for_update(of=Ranking)
    return session.scalars(query.execution_options(populate_existing=True)).one(), phase


def visible_ranking(session: Session, actor: Actor, ranking_id: UUID) -> Ranking:
    """A published ranking for everybody, a drafted one for staff; NotFound otherwise."""
    query = (
        select(Ranking)
        .where(Ranking.id == ranking_id)
        .options(joinedload(Ranking.phase).joinedload(Phase.call).joinedload(Call.authority))
    )
    found = session.scalars(query).one_or_none()
    if found is None or not (found.is_public or allowed(actor, Action.RANKING_READ, found)):
        raise NotFound
    if not found.is_public and is_chair_elsewhere(session, actor, found.phase):
        raise NotFound
    return found


def rows_of(session: Session, ranking_id: UUID) -> Sequence[RankingRow]:
    """The rows in order of publication, with application and organisation."""
    query = (
        select(RankingRow)
        .join(RankingRow.application)
        .where(RankingRow.ranking_id == ranking_id)
        .options(contains_eager(RankingRow.application).joinedload(Application.organisation))
        .order_by(RankingRow.line_number)
    )
    return session.scalars(query).all()


def rows_read(session: Session, actor: Actor, ranking: Ranking) -> list[RankingRow]:
    """The rows as the actor may read them: of a version that is not published, without what is kept from them."""
    hidden = frozenset() if ranking.is_public else kept_from(session, actor, ranking.phase_id)
    return [row for row in rows_of(session, ranking.id) if row.application_id not in hidden]


def ranking_page(session: Session, actor: Actor, ranking_id: UUID) -> RankingPage:
    """A ranking as the actor may see it."""
    ranking = visible_ranking(session, actor, ranking_id)
    rows = rows_read(session, actor, ranking)
    ranked = [row for row in rows if row.outcome in NAMED]
    lines = [_line(each, ranked) for each in ranking.output_document["lines"]]
    return RankingPage(
        ranking=ranking,
        names=names_of_design(ranking.phase.design, locale()),
        lists=_lists(rows, ranked, lines),
        quotas=ranking.output_document.get("quotas", []),
        lines=lines,
        not_suitable=[row for row in rows if row.outcome == Outcome.NOT_SUITABLE],
        inadmissible=[row for row in rows if row.outcome == Outcome.INADMISSIBLE],
        newest=_newest(session, ranking),
        codes=codes_of(session, actor, ranking),
    )


def _line(document: dict[str, Any], ranked: Sequence[RankingRow]) -> LineOfRanking:
    return LineOfRanking(
        key=document["line"],
        budget_cents=document["budget_cents"],
        awarded_cents=document["awarded_cents"],
        left_cents=document["left_cents"],
        draw_between=tuple(document["draw_between"]),
        rows=[row for row in ranked if row.detail["line"] == document["line"]],
    )


def _lists(rows: Sequence[RankingRow], ranked: Sequence[RankingRow], lines: list[LineOfRanking]) -> list[ListOfRanking]:
    """The lists in their order: one a budget line, with its money, unless the call ranks otherwise."""
    if not any("ranking" in row.detail for row in rows):
        return [ListOfRanking(line.key, line.rows, line) for line in lines]
    keys = sorted({row.list_key for row in rows})
    return [ListOfRanking(key, [row for row in ranked if row.list_key == key], None) for key in keys]


def _newest(session: Session, ranking: Ranking) -> Ranking | None:
    """The version that replaced this one, where it is published."""
    if ranking.status is not RankingStatus.SUPERSEDED:
        return None
    query = select(Ranking).where(Ranking.phase_id == ranking.phase_id, Ranking.provisional_at.is_not(None))
    found = session.scalars(query.order_by(Ranking.version.desc())).first()
    return found if found is not None and found.id != ranking.id else None


def published_row(session: Session, application_id: UUID) -> tuple[Ranking, RankingRow] | None:
    """The newest published result of an application."""
    query = (
        select(Ranking, RankingRow)
        .join(RankingRow, RankingRow.ranking_id == Ranking.id)
        .where(RankingRow.application_id == application_id, Ranking.provisional_at.is_not(None))
        .order_by(Ranking.version.desc())
    )
    found = session.execute(query).first()
    return (found[0], found[1]) if found else None


def run_of(ranking: Ranking) -> Run:
    """The run behind a stored ranking, worked out again; StoredRankingAltered where a hash does not match."""
    given = json.dumps(ranking.input_document, sort_keys=True, separators=(",", ":")).encode("ascii")
    if digest(given) != ranking.input_sha256:
        raise StoredRankingAltered("input")
    run = compute_ranking(read_input(given))
    stored = json.dumps(ranking.output, sort_keys=True, separators=(",", ":")).encode("ascii")
    if not digest(stored) == digest(output_json(run)) == ranking.output_sha256:
        raise StoredRankingAltered("output")
    if digest(input_json(run.given, run.sheets)) != ranking.input_sha256:
        raise StoredRankingAltered("input")
    return run


def ranking_named(session: Session, name: str, version: int | None) -> tuple[Ranking, UUID | None] | None:
    """The ranking of this id, or the one that holds the application of this reference or id; the newest by default."""
    key = _uuid(name)
    ranking = session.get(Ranking, key) if key else None
    if ranking is not None:
        return ranking, None
    query = (
        select(Ranking, RankingRow.application_id)
        .join(RankingRow, RankingRow.ranking_id == Ranking.id)
        .join(RankingRow.application)
        .where(Application.id == key if key else Application.reference == name.strip().upper())
        .order_by(Ranking.version.desc())
    )
    if version is not None:
        query = query.where(Ranking.version == version)
    found = session.execute(query).first()
    return (found[0], found[1]) if found else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None
