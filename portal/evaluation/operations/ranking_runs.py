"""Computing a ranking: from finalised sheets to an immutable version with its input, its output and their hashes."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase
from portal.calls.queries import phase_for_update
from portal.calls.rules import PhaseStatus
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.db import WrittenJson, insert_rows, new_id
from portal.core.errors import Conflict
from portal.core.i18n import in_language, lazy_
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.operations.settling import settle_computed
from portal.evaluation.points import HUNDRED, scored
from portal.evaluation.queries.commissions import counts_by_status
from portal.evaluation.queries.elsewhere import must_not_be_chair_elsewhere
from portal.evaluation.queries.names import applicant_names, evaluator_names
from portal.evaluation.queries.ranking_input import ranking_input
from portal.evaluation.queries.rankings import rankings_of
from portal.evaluation.ranking import (
    Cell,
    RankedResult,
    RankingInput,
    ScoresMissing,
    compute_ranking,
    digest,
    input_json,
    output_json,
    result_texts,
    stored_output,
)
from portal.evaluation.ranking import Ranking as Run
from portal.evaluation.rules import SUPERSEDE, RankingStatus

UNDECIDED = (ApplicationStatus.SUBMITTED, ApplicationStatus.INTEGRATION_REQUESTED)
MOST_NAMED = 20


class NotReady(Conflict):
    """Something is still missing before a ranking can be computed."""


def compute(session: Session, *, phase_id: UUID, actor: Actor, now: datetime) -> Ranking:
    """Compute the next version of the ranking of a phase; an older draft is superseded, what is published stays.

    Raises NotReady with every missing score in words, or a Conflict where the phase is not under evaluation.
    """
    phase = phase_for_update(session, phase_id)
    authorise(actor, Action.RANKING_COMPUTE, phase.call)
    must_not_be_chair_elsewhere(session, actor, phase)
    _must_be_under_evaluation(session, phase)
    with collector_at_rest():
        given = ranking_input(session, phase)
        if not any(candidate.admissible for candidate in given.candidates):
            raise NotReady(lazy_("No application was admitted: there is nothing to rank."))
        return _computed(session, phase, given, actor, now)


def _computed(session: Session, phase: Phase, given: RankingInput, actor: Actor, now: datetime) -> Ranking:
    run = _run(session, phase, given)
    _must_be_scored(session, phase)
    version = next_version(session, phase=phase, actor=actor, now=now)
    ranking = store_run(session, phase=phase, run=run, version=version, actor=actor, now=now)
    settle_computed(session, phase=phase, actor=actor, now=now)
    hashes = {"input": ranking.input_sha256, "output": ranking.output_sha256}
    record(session, at=now, actor=actor, event=Action.RANKING_COMPUTE, subject=ranking,
           after={"version": version, **hashes})  # fmt: skip
    return ranking


def next_version(session: Session, *, phase: Phase, actor: Actor, now: datetime) -> int:
    """The number of the next version; a draft that waits gives way to it."""
    earlier = rankings_of(session, phase.id)
    for each in earlier:
        if each.status is RankingStatus.DRAFTED:
            supersede(session, ranking=each, actor=actor, now=now)
    return 1 + max((each.version for each in earlier), default=0)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No search for circular garbage meanwhile: thousands of results make none, and looking through them takes time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def supersede(session: Session, *, ranking: Ranking, actor: Actor, now: datetime) -> None:
    """Put a later version in the place of this one."""
    before = ranking.status
    ranking.make(SUPERSEDE, at=now)
    record(session, at=now, actor=actor, event="ranking.superseded", subject=ranking,
           before={"status": before}, after={"status": ranking.status})  # fmt: skip


def _must_be_under_evaluation(session: Session, phase: Phase) -> None:
    if phase.status is not PhaseStatus.EVALUATION:
        raise NotReady(lazy_("This phase is not under evaluation: its ranking cannot be computed."))
    counts = counts_by_status(session, phase.id)
    waiting = sum(counts[each] for each in UNDECIDED)
    if waiting:
        raise NotReady(
            lazy_(
                "%(count)d applications still wait for a decision on admissibility. Decide them, then compute.",
                count=waiting,
            )
        )


def _must_be_scored(session: Session, phase: Phase) -> None:
    """Sheets alone are not enough where the call asks evaluators to agree."""
    waiting = counts_by_status(session, phase.id)[ApplicationStatus.ADMISSIBLE] if scored(phase.design) else 0
    if waiting:
        raise NotReady(
            lazy_("%(count)d applications still wait for their evaluators to agree on marks.", count=waiting)
        )


def _run(session: Session, phase: Phase, given: RankingInput) -> Run:
    try:
        return compute_ranking(given)
    except ScoresMissing as missing:
        places = _in_words(session, phase, given, missing.cells)
        raise NotReady(
            lazy_(
                "%(count)d scores are missing: %(places)s. Ask for them, or record a conflict.",
                count=len(missing.cells),
                places=places,
            )
        ) from missing


def _in_words(session: Session, phase: Phase, given: RankingInput, cells: tuple[Cell, ...]) -> str:
    """The missing cells by application and evaluator, with the criteria where only some are missing."""
    references = {candidate.id: candidate.reference for candidate in given.candidates}
    people = evaluator_names(session, given)
    titles = {each.key: in_language(each.name) for each in scored(phase.design)}
    by_seat: dict[tuple[str, str], list[str]] = {}
    for cell in cells:
        by_seat.setdefault((references[cell.candidate], people[cell.evaluator]), []).append(titles[cell.criterion])
    lines = [_seat_in_words(seat, missing, titles) for seat, missing in sorted(by_seat.items())]
    return "; ".join(lines[:MOST_NAMED]) + ("; …" if len(lines) > MOST_NAMED else "")


def _seat_in_words(seat: tuple[str, str], missing: list[str], titles: Mapping[str, str]) -> str:
    reference, person = seat
    what = "" if len(missing) == len(titles) else f" ({', '.join(missing)})"
    return f"{reference} – {person}{what}"


def store_run(
    session: Session, *, phase: Phase, run: Run, version: int, actor: Actor, now: datetime, **after: Any
) -> Ranking:
    """Keep a run as a version with its documents, their hashes and a row for each application.

    `after` says why a version after the final one was made.
    """
    given, details = input_json(run.given, run.sheets), result_texts(run)
    ranking = Ranking(
        authority_id=phase.call.authority_id, call_id=phase.call_id, phase_id=phase.id, version=version, status_at=now,
        computed_at=now, computed_by=actor.person_id, input_document=_written(given), input_sha256=digest(given),
        output_document=stored_output(run), output_sha256=digest(output_json(run, details)), **after,
    )  # fmt: skip
    session.add(ranking)
    session.flush()
    session.expire(ranking, ["input_document"])
    names = applicant_names(session, phase.id)
    rows = (
        row_values(
            ranking_id=ranking.id,
            number=number,
            result=result,
            detail=WrittenJson(detail),
            name=names[result.candidate],
        )
        for number, (result, detail) in enumerate(zip(run.results, details, strict=True), 1)
    )
    insert_rows(session, cast("Table", RankingRow.__table__), rows)
    return ranking


def _written(document: bytes) -> WrittenJson:
    """What was hashed is what is stored."""
    return WrittenJson(document.decode("ascii"))


def row_values(
    *, ranking_id: UUID, number: int, result: RankedResult, detail: dict[str, object] | WrittenJson, name: str
) -> dict[str, object]:
    """One row as it is stored."""
    return {
        "id": new_id(),
        "ranking_id": ranking_id,
        "application_id": UUID(result.candidate),
        "organisation_name": name,
        "line_number": number,
        "position": result.position,
        "total_hundredths": None if result.total is None else int(result.total * HUNDRED),
        "outcome": result.outcome.value,
        "requested_cents": result.requested_cents,
        "awarded_cents": result.awarded_cents,
        "cumulative_cents": result.cumulative_cents,
        "detail": detail,
    }
