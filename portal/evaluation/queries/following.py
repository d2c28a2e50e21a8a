"""What a version after the final one is computed from: the input of then, and what has changed since."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.rules import LEFT
from portal.calls.models import Phase
from portal.calls.queries import remaining_budget
from portal.core.errors import Conflict
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.evaluation.afterwards import RankingCause, SetApart
from portal.evaluation.models import Assignment, Ranking, RankingRow, ScoreReopening, ScoreSheet
from portal.evaluation.points import HUNDRED
from portal.evaluation.queries.agreements import agreed_marks
from portal.evaluation.queries.rankings import rankings_of, run_of
from portal.evaluation.queries.reserves import open_reserves
from portal.evaluation.queries.sheets import is_last
from portal.evaluation.ranking import WON, Agreed, Candidate, Line, Outcome, RankingInput, Sheet, Standing
from portal.evaluation.rules import AssignmentStatus, RankingStatus

Cells = dict[tuple[str, str], dict[str, Decimal]]
"""What is given anew, by application and evaluator, then by criterion."""


PLACED = WON | {Outcome.SUITABLE_NOT_FUNDED}
"""Who has a place from which it may leave: who won, and who follows."""


class NothingFollows(Conflict):
    """There is nothing from which another version could be made."""


def final_of(session: Session, phase_id: UUID) -> Ranking:
    """The final version in force; NothingFollows before there is one."""
    found = next((each for each in rankings_of(session, phase_id) if each.status is RankingStatus.FINAL), None)
    if found is None:
        raise NothingFollows(lazy_("There is no final ranking yet: a new version is computed in the course of things."))
    return found


def input_after(session: Session, phase: Phase, last: Ranking, cause: RankingCause) -> RankingInput:
    """The input of the version that follows `last`, as the data are now."""
    given = run_of(last).given
    return _scrolled(session, phase, last, given) if cause is RankingCause.SCROLLED else _rescored(session, last, given)


def _scrolled(session: Session, phase: Phase, last: Ranking, given: RankingInput) -> RankingInput:
    """Who stands keeps what it has; what is left, and what comes free, goes to those who follow."""
    rows = _rows(session, last)
    gone = {str(row.application_id) for row, status in rows if status in LEFT and row.outcome in PLACED} | set(
        given.gone
    )
    winners = [row for row, status in rows if status not in LEFT and row.outcome in WON]
    apart = set_apart(session, [row.application_id for row in winners])
    kept = [row for row in winners if row.awarded_cents >= row.requested_cents or row.application_id in apart
            or not given.scheme.has_money]  # fmt: skip
    standing = [Standing(str(row.application_id), row.detail["line"], apart.get(row.application_id, row.awarded_cents))
                for row in kept]  # fmt: skip
    given = replace(given, candidates=_as_reserved(session, phase, given.candidates))
    if given.scheme.selects:
        return replace(given, standing=tuple(standing), gone=tuple(sorted(gone)))
    granted: dict[str, int] = {}
    for row in kept:
        granted[row.detail["line"]] = granted.get(row.detail["line"], 0) + apart.get(row.application_id, 0)
    lines = [Line(each.line.key, each.remaining_cents + granted.get(each.line.key, 0))
             for each in remaining_budget(session, phase.call)]  # fmt: skip
    return replace(given, lines=tuple(lines), standing=tuple(standing), gone=tuple(sorted(gone)))


def _as_reserved(session: Session, phase: Phase, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates of then, their reserves as they are now: one that was lifted is open no more."""
    open_ones = {str(each) for each in open_reserves(session, phase.id)}
    return tuple(replace(each, reserved=each.id in open_ones) for each in candidates)


def set_apart(session: Session, application_ids: list[UUID]) -> Mapping[UUID, int]:
    """What grants have taken from the budget already, in cents by application."""
    asked = SetApart(frozenset(application_ids))
    announce(session, asked)
    return asked.cents


def _rows(session: Session, ranking: Ranking) -> list[tuple[RankingRow, object]]:
    query = (
        select(RankingRow, Application.status)
        .join(Application, Application.id == RankingRow.application_id)
        .where(RankingRow.ranking_id == ranking.id)
        .order_by(RankingRow.line_number)
    )
    return [(row, status) for row, status in session.execute(query)]


def _rescored(session: Session, last: Ranking, given: RankingInput) -> RankingInput:
    """Now for then: rules, answers, budgets and all other scores of then; only the reopened criteria are new."""
    anew = _given_anew(session, last)
    if not anew:
        raise NothingFollows(lazy_("No scores were opened again and closed after the final ranking."))
    keys = [each.key for each in given.scheme.scored]
    sheets = tuple(
        Sheet(each.candidate, each.evaluator, tuple(
            anew.get((each.candidate, each.evaluator), {}).get(key, points)
            for key, points in zip(keys, each.points, strict=True)
        ))
        for each in given.sheets
    )  # fmt: skip
    opened = {(candidate, key) for (candidate, _evaluator), points in anew.items() for key in points}
    now_agreed = agreed_marks(session, {UUID(candidate) for candidate, _key in opened})
    agreed = [each for each in given.agreed if (each.candidate, each.criterion) not in opened]
    agreed += [
        Agreed(str(application), key, Decimal(points) / HUNDRED)
        for (application, key), points in now_agreed.items()
        if (str(application), key) in opened
    ]
    return replace(given, sheets=sheets, agreed=tuple(agreed), standing=())


def _given_anew(session: Session, last: Ranking) -> Cells:
    """The reopened criteria of assignments that were opened since, from their last sheets; all must be closed again."""
    query = (
        select(Assignment, ScoreReopening.criteria, ScoreSheet)
        .join(ScoreReopening, ScoreReopening.assignment_id == Assignment.id)
        .join(Application, Application.id == Assignment.application_id)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Application.phase_id == last.phase_id, ScoreReopening.reopened_at > last.computed_at, is_last())
        .order_by(ScoreReopening.id)
    )
    found: Cells = {}
    for assignment, criteria, sheet in session.execute(query):
        if assignment.status is not AssignmentStatus.FINALISED:
            raise NothingFollows(lazy_("Scores that were opened again are not closed yet."))
        given = sheet.given
        cells = found.setdefault((str(assignment.application_id), str(assignment.person_id)), {})
        cells |= {key: Decimal(given[key]) / HUNDRED for key in criteria if key in given}
    return found
