"""How long a ranking takes, from the database back into it: python -m benchmarks.ranking [applications]

Five evaluators, ten criteria of which three are computed (a formula, an interpolation, a bonus). Timed, wall and
processor: the whole of what the button does (read, compute, write both documents and every row, commit), then its
parts. A fresh SQLite file; `BENCH_DATABASE_URL` names an empty PostgreSQL database instead. Figures are printed, never
asserted: they belong to the machine.
"""

import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import structlog
from flask_migrate import upgrade
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from portal.access.models import Organisation
from portal.app import create_app
from portal.applications.models import Application, Submission
from portal.calls.callfile import design_to_json
from portal.calls.models import Phase
from portal.calls.rules import Better, Criterion, CriterionSource, TieBreak, TieBreakBy
from portal.core.clock import now
from portal.core.collector import settle
from portal.core.config import Settings
from portal.core.db import Base, database, new_id
from portal.evaluation.models import Assignment, RankingRow, ScoreSheet
from portal.evaluation.operations.ranking_runs import collector_at_rest
from portal.evaluation.queries.ranking_input import ranking_input
from portal.evaluation.ranking import compute_ranking, input_json, output_json
from portal.questionnaires.models import AnswerSheet
from portal.questionnaires.rules import Condition
from portal.register.models import ProtocolEntry
from tests.factories.base import bari_design
from tests.factories.evaluation import Evaluation, assign, compute, make_evaluation, score_everything

APPLICATIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
BUDGET_S = 2.0
TEXT = {"it": "Criterio", "en": "Criterion"}
CRITERIA = [
    *(Criterion(f"c{number}", TEXT, Decimal(12), threshold=Decimal(2)) for number in range(7)),
    Criterion("own", TEXT, Decimal(10), source=CriterionSource.FORMULA,
              formula="min(10, max(0, share(budget.cost - budget.requested, budget.cost) - 5) / (30 - 5) * 10)"),
    Criterion("lean", TEXT, Decimal(4), source=CriterionSource.INTERPOLATION, tag="budget.requested",
              better=Better.LOWER),
    Criterion("young", TEXT, Decimal(2), source=CriterionSource.BONUS,
              when=Condition(question="other_funding", equals="no")),
]  # fmt: skip
BREAKS = [TieBreak(TieBreakBy.CRITERION, "c0"), TieBreak(TieBreakBy.LOWER_REQUEST), TieBreak(TieBreakBy.PROTOCOL)]


def spread(*parts: int) -> int:
    """A steady number out of others, from 0 to 996."""
    found = 7
    for part in parts:
        found = (found * 31 + part * 17 + 3) % 997
    return found


def one(session: Session, at: datetime) -> Evaluation:
    """A call of ten criteria with one application that five evaluators scored: the pattern of all the others."""
    world = make_evaluation(session, now=at, applications=1, members=4)
    design = replace(bari_design(), criteria=CRITERIA, tie_breaks=BREAKS, minimum_total=Decimal(40), weights_sum=None,
                     cap=Decimal(100), evaluators_per_application=5)  # fmt: skip
    world.call.definition = design_to_json(design)
    world.call.__dict__.pop("design", None)
    session.flush()
    assign(session, world, now=at)
    score_everything(session, world, now=at)
    return world


def rows_like(session: Session, model: type[Base]) -> list[dict[str, Any]]:
    """Every row of a table, as it is."""
    return [dict(row) for row in session.execute(select(model.__table__)).mappings()]


def answers(number: int) -> list[dict[str, Any]]:
    """What the computed criteria read."""
    cost = 2_000_000 + 1_000 * spread(number, 1)
    given = {"cost_staff": cost, "requested": cost * (70 + spread(number, 2) % 25) // 100,
             "other_funding": "no" if number % 3 else "yes"}  # fmt: skip
    return [{"key": key, "type": "money", "tag": None, "label": TEXT, "value": value} for key, value in given.items()]


def multiply(session: Session, size: int) -> None:
    """As many applications as are asked for, each with its team, protocol number, submission, seats and sheets."""
    (application,), (submission,) = rows_like(session, Application), rows_like(session, Submission)
    (entry,), (answer_sheet,) = rows_like(session, ProtocolEntry), rows_like(session, AnswerSheet)
    organisation = next(row for row in rows_like(session, Organisation) if row["id"] == application["organisation_id"])
    seats = rows_like(session, Assignment)
    sheets = {row["assignment_id"]: row for row in rows_like(session, ScoreSheet)}
    made: dict[type[Base], list[dict[str, Any]]] = {}

    def add(model: type[Base], row: dict[str, Any], **changed: Any) -> Any:
        copy = {**row, "id": new_id(), **changed}
        made.setdefault(model, []).append(copy)
        return copy["id"]

    unique = dict.fromkeys(("fiscal_code", "vat_number", "runts_number"))
    for number in range(1, size):
        team = add(Organisation, organisation, name=f"Rete {number}", **unique)
        mine = add(Application, application, organisation_id=team, sheet_id=add(AnswerSheet, answer_sheet),
                   reference=f"BENCH-{number:06}", requested_cents=2_000_000 + 1_000 * spread(number, 1))  # fmt: skip
        sections = [{"key": "budget", "title": TEXT, "answers": answers(number)}]
        add(Submission, submission, application_id=mine, receipt_token=None,
            protocol_entry_id=add(ProtocolEntry, entry, number=100_000 + number),
            content={**submission["content"], "sections": sections, "facts": {}})  # fmt: skip
        for seat, row in enumerate(seats):
            scores = {f"c{column}": {"points": spread(number, seat, column) % 25 * 50, "reason": "Un motivo."}
                      for column in range(7)}  # fmt: skip
            add(ScoreSheet, sheets[row["id"]], assignment_id=add(Assignment, row, application_id=mine), scores=scores,
                given={key: each["points"] for key, each in scores.items()},
                total_hundredths=sum(each["points"] for each in scores.values()))  # fmt: skip
    for model in (Organisation, AnswerSheet, Application, ProtocolEntry, Submission, Assignment, ScoreSheet):
        session.execute(insert(model), made.get(model, []))


@contextmanager
def clocked(name: str, budget: float | None = None) -> Iterator[None]:
    """Print what it took."""
    began, worked = time.perf_counter(), time.process_time()
    yield
    wall, busy = time.perf_counter() - began, time.process_time() - worked
    limit = f"   budget {budget:.1f} s" if budget else ""
    print(f"    {name:28} wall {wall:6.2f} s   processor {busy:6.2f} s{limit}", flush=True)


def show(at: datetime) -> None:
    """Fill the database once, compute its ranking, and tell how long the whole and its parts took."""
    with Session(database.engine, expire_on_commit=False) as session:
        world = one(session, at)
        multiply(session, APPLICATIONS)
        session.execute(text("ANALYZE"))  # as the engine does by itself in a database that is in use
        session.commit()
    settle()  # as the server does
    print(
        f"{APPLICATIONS} applications, 5 evaluators, 10 criteria, {database.engine.name}, load {os.getloadavg()[0]:.1f}"
    )
    with clocked("the whole, stored", BUDGET_S), Session(database.engine) as session:
        compute(session, world, now=at)
        session.commit()
    with Session(database.engine) as session, collector_at_rest():
        phase = session.get_one(Phase, world.phase.id)
        with clocked("  reading"):
            given = ranking_input(session, phase)
        with clocked("  computing"):
            run = compute_ranking(given)
        with clocked("  two documents"):
            sizes = [len(input_json(run.given, run.sheets)), len(output_json(run))]
        rows = session.scalar(select(func.count()).select_from(RankingRow))
    print(f"    {rows} rows, documents of {sizes[0] // 1000} and {sizes[1] // 1000} kB")


def main() -> None:
    """An application with an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{Path(folder) / 'bench.db'}"
        app = create_app(replace(Settings(), var=Path(folder), database_url=url))
        with app.app_context():
            upgrade()
            structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
            show(now())


if __name__ == "__main__":
    main()
