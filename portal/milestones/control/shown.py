"""What the pages of the control show: first what is still to look at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile
from portal.milestones.control.labels import ANSWERS, OUTCOMES, TONES
from portal.milestones.control.models import Clarification, ClarificationItem, LineOutcome
from portal.milestones.control.queries import (
    Control,
    alike_of,
    clarifications_of,
    control_to_read,
    letter_of,
    people_of,
)
from portal.milestones.control.remarks import remarks_of
from portal.milestones.control.rules import Answer
from portal.milestones.control.sampling import drawn, sampling_of
from portal.milestones.control.words import category_names, method_words, projection_words, sampling_words
from portal.milestones.costs.labels import LABELS, MEANS
from portal.milestones.costs.labels import TONES as STATUS_TONES
from portal.milestones.costs.models import CostLine, CostLineFile, CostReport
from portal.milestones.costs.queries import line_of, report_to_read
from portal.milestones.costs.queries.lines import cost_of

AT_ONCE = 50
WORDS: dict[str, Any] = {
    "outcome_words": OUTCOMES, "outcome_tones": TONES, "answer_words": ANSWERS, "labels": LABELS,
    "tones": STATUS_TONES, "means": MEANS,
}  # fmt: skip


def control_shown(session: Session, actor: Actor, report_id: UUID, now: datetime) -> dict[str, Any]:
    """The whole control: lines to check, what was found, checklist, questions, what would stand."""
    control = control_to_read(session, actor, report_id)
    report = control.report
    asked = clarifications_of(session, report) if report.awaits_answer else []
    open_now = next((each for each in asked if each.ended_at is None), None)
    return WORDS | {
        "control": control, "report": report, "grant": report.grant, "names": category_names(session, report),
        "method": method_words(control.sample) if control.sample else plan_words(control),
        "projection": projection_words(control),
        "doubts": [(each, control.answers[each.key]) for each in control.checklist
                   if each.key in control.answers and control.answers[each.key].answer is not Answer.YES],
        "would_draw": [] if control.sample else lines_to_draw(control),
        "needs_seed": sampling_of(report.grant.application.design.control).needs_seed,
        "to_check": lines_numbered(session, report, control.to_check[:AT_ONCE]),
        "less": lines_numbered(session, report, less_than_all(control)[:AT_ONCE]),
        "asked": open_now, "is_over": open_now is not None and now > open_now.due_at,
        "had_a_hand": control.stands and actor.person_id in people_of(session, report),
        "letter": letter_of(session, report) if report.accepted_cents is not None else None,
    }  # fmt: skip


def plan_words(control: Control) -> str:
    """How lines will be chosen."""
    return sampling_words(sampling_of(control.report.grant.application.design.control))


def lines_to_draw(control: Control) -> list[int]:
    """How many lines a draw takes, before it is made: chance moves which ones, never how many."""
    return drawn(sampling_of(control.report.grant.application.design.control, "?"), control.lines)


def less_than_all(control: Control) -> list[int]:
    """Lines of which less was accepted than they charge."""
    return [number for number, each in control.outcomes.items() if each.accepted_cents < each.charged_cents]


def lines_numbered(session: Session, report: CostReport, numbers: Sequence[int]) -> Sequence[CostLine]:
    """These lines with their files, by number."""
    if not numbers:
        return []
    query = select(CostLine).options(selectinload(CostLine.files).joinedload(CostLineFile.file))
    query = query.where(CostLine.report_id == report.id, CostLine.number.in_(numbers))
    return session.scalars(query.order_by(CostLine.number)).all()


def line_shown(session: Session, actor: Actor, report_id: UUID, cost_id: UUID) -> dict[str, Any]:
    """One line, what was found on it until now, the next one to look at. NotFound for a line of another report."""
    control = control_to_read(session, actor, report_id)
    line = line_of(session, control.report, cost_id)
    query = select(LineOutcome).where(LineOutcome.report_id == report_id, LineOutcome.line_number == line.number)
    others = [number for number in control.to_check if number != line.number]
    return WORDS | {
        "control": control, "report": control.report, "grant": control.report.grant, "line": line,
        "names": category_names(session, control.report),
        "is_drawn": line.number in control.drawn,
        "alike": alike_of(session, control.report, line.number).get(line.number, ()),
        "remarks": remarks_of(cost_of(line), control.report.grant.cup) if line.document else [],
        "earlier": session.scalars(query.order_by(LineOutcome.found_at.desc(), LineOutcome.id.desc())).all(),
        "next_line": next(iter(lines_numbered(session, control.report, others[:1])), None),
    }  # fmt: skip


def asked_to_read(session: Session, actor: Actor, report_id: UUID) -> tuple[CostReport, Sequence[Clarification]]:
    """A report and everything that was asked about it, for whoever may read the report."""
    report = report_to_read(session, actor, report_id)
    return report, clarifications_of(session, report)


def answer_file(session: Session, actor: Actor, report_id: UUID, file_id: UUID) -> StoredFile:
    """A file that answered a question about a report that the actor may read; NotFound otherwise (P13)."""
    report = report_to_read(session, actor, report_id)
    query = (
        select(StoredFile)
        .join(ClarificationItem, ClarificationItem.file_id == StoredFile.id)
        .join(Clarification, Clarification.id == ClarificationItem.request_id)
        .where(StoredFile.id == file_id, Clarification.report_id == report.id)
    )
    file = session.scalars(query).first()
    if file is None:
        raise NotFound
    return file
