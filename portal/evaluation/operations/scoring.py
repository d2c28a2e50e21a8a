"""Writing scores: drafts with a version each, then one sheet that nobody can change (P4, P12)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.rules import Criterion
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, InvalidForm, NotFound
from portal.core.i18n import lazy_
from portal.core.text import clean_text
from portal.evaluation.models import Assignment, Score, ScoreSheet
from portal.evaluation.operations.settling import settle, still_open
from portal.evaluation.points import (
    LONGEST_REASON,
    Entry,
    check_points,
    is_complete,
    level_of,
    scored,
    worth,
)
from portal.evaluation.queries.assignments import entries_of, open_criteria, readable_assignment, sheet_of
from portal.evaluation.rules import FINALISE


class StaleScore(Conflict):
    """The criterion was saved elsewhere after this page was shown; `stored` is what stands now."""

    default = lazy_(
        "This criterion was changed in another window. What you wrote is still here: compare, then save again."
    )

    def __init__(self, stored: Entry) -> None:
        super().__init__(field=stored.criterion)
        self.stored = stored


def save_score(
    session: Session, *, assignment_id: UUID, criterion: str, points: int | None, reason: str, version: int,
    actor: Actor, now: datetime,
) -> Entry:  # fmt: skip
    """Save the draft of one criterion, what was given in hundredths, upon the version it was written on (0: the first).

    Saving what already stands changes nothing. Raises StaleScore where another version came in between, Invalid for
    points outside the criterion's range.
    """
    given = Entry(criterion, points, reason, version)
    return next(
        each
        for each in save_scores(session, assignment_id=assignment_id, entries=[given], actor=actor, now=now)
        if each.criterion == criterion
    )


def save_scores(
    session: Session, *, assignment_id: UUID, entries: Sequence[Entry], actor: Actor, now: datetime
) -> list[Entry]:
    """Save the whole sheet as a draft: all of it, or nothing. Of a sheet opened again, the criteria that are open."""
    assignment = _to_write(session, assignment_id, actor)
    stored = entries_of(session, assignment)
    keys = open_criteria(session, assignment)
    given = [replace(each, reason=clean_text(each.reason)) for each in entries]
    saved = {each.criterion: _save(session, assignment, each, stored, keys, now) for each in given}
    return [saved.get(each.criterion, each) for each in stored]


def finalise_scores(session: Session, *, assignment_id: UUID, actor: Actor, now: datetime) -> ScoreSheet:
    """Close the sheet: every criterion has points, and a reason where the call asks for one. An act alone reopens it.

    Raises InvalidForm naming what is missing.
    """
    assignment = _to_write(session, assignment_id, actor)
    entries = {each.criterion: each for each in entries_of(session, assignment)}
    criteria = scored(assignment.application.design)
    lacking = [each.key for each in criteria if not is_complete(each, entries[each.key])]
    if lacking:
        raise InvalidForm({f"points-{key}": _missing(entries[key]) for key in lacking})
    scores = {each.key: _final(each, entries[each.key]) for each in criteria}
    earlier = sheet_of(session, assignment)
    sheet = ScoreSheet(
        assignment_id=assignment.id,
        version=earlier.version + 1 if earlier else 1,
        scores=scores,
        given={each.key: entries[each.key].points or 0 for each in criteria},
        total_hundredths=sum(each["points"] for each in scores.values()),
        finalised_at=now,
    )
    session.add(sheet)
    before = assignment.status
    assignment.make(FINALISE, at=now)
    record(session, at=now, actor=actor, event="scores.finalised", subject=assignment, before={"status": before},
           after={"status": assignment.status, "version": sheet.version,
                  "total_hundredths": sheet.total_hundredths})  # fmt: skip
    settle(session, application=assignment.application, actor=actor, now=now)
    return sheet


def _final(criterion: Criterion, entry: Entry) -> dict[str, Any]:
    """What a sheet keeps of one criterion (ScoreSheet)."""
    given = entry.points or 0
    kept: dict[str, Any] = {"points": worth(criterion, given), "reason": entry.reason}
    level = level_of(criterion, given)
    more = {"mark": given if criterion.scale is not None else None, "level": level.key if level else None}
    return kept | {key: value for key, value in more.items() if value is not None}


def _to_write(session: Session, assignment_id: UUID, actor: Actor) -> Assignment:
    assignment = readable_assignment(session, actor, assignment_id)
    authorise(actor, Action.SCORE_WRITE, assignment)
    still_open(assignment=assignment)
    if assignment.status not in FINALISE.sources:
        raise Conflict(lazy_("These scores are final: they cannot be changed any more."))
    return assignment


def _save(
    session: Session, assignment: Assignment, given: Entry, stored: Sequence[Entry], keys: frozenset[str], now: datetime
) -> Entry:
    standing = next((each for each in stored if each.criterion == given.criterion), None)
    criterion = next((each for each in scored(assignment.application.design) if each.key == given.criterion), None)
    if standing is None or criterion is None:
        raise NotFound
    check_points(criterion, given.points)
    if len(given.reason) > LONGEST_REASON:
        raise Invalid(lazy_("Write at most %(count)d characters.", count=LONGEST_REASON), f"reason-{criterion.key}")
    if (given.points, given.reason) == (standing.points, standing.reason):
        return standing
    if criterion.key not in keys:
        raise Conflict(lazy_("This criterion was not opened again: it stays as it is."), f"points-{criterion.key}")
    if given.version != standing.version:
        raise StaleScore(standing)
    return _write(session, assignment, given, now)


def _write(session: Session, assignment: Assignment, given: Entry, now: datetime) -> Entry:
    """Insert the first version, or replace exactly the one the evaluator saw."""
    version = given.version + 1
    values = {"points_hundredths": given.points, "reason": given.reason, "version": version, "saved_at": now}
    if given.version == 0:
        session.add(Score(assignment_id=assignment.id, criterion=given.criterion, **values))
        session.flush()
    else:
        here = (Score.assignment_id == assignment.id, Score.criterion == given.criterion)
        changed = update(Score).where(*here, Score.version == given.version).values(**values)
        if session.execute(changed.execution_options(synchronize_session="fetch").returning(Score.id)).all() == []:
            row = session.scalars(select(Score).where(*here).execution_options(populate_existing=True)).one()
            raise StaleScore(Entry(row.criterion, row.points_hundredths, row.reason, row.version))
    return Entry(given.criterion, given.points, given.reason, version)


def _missing(entry: Entry) -> object:
    if entry.points is None:
        return lazy_("Points are missing.")
    return lazy_("The reason is missing.")
