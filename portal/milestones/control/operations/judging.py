"""What is found: on a line, on several lines at once, on a question of the checklist. Nothing found is ever changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calls.rules import CostForm
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid, InvalidForm, NotFound
from portal.core.i18n import lazy_
from portal.core.text import clean_text
from portal.core.written import written
from portal.milestones.control.checklist import checklist_of
from portal.milestones.control.models import ControlAnswer, LineOutcome
from portal.milestones.control.operations.refusals import JudgedAlready, NotBegun
from portal.milestones.control.operations.starting import report_to_control
from portal.milestones.control.queries import answers_of, outcomes_of, sample_of_version
from portal.milestones.control.rules import LONGEST_REASON, Answer, Outcome, outcome_of
from portal.milestones.costs.models import CostLine, CostReport

WHY = lazy_("Write why: the recipient reads it in the letter.")
WHY_NOT = lazy_("Write why: colleagues and auditors read it.")
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Told:
    """An answer to one question, as it was typed."""

    answer: Answer
    note: str = ""

    @property
    def kept(self) -> str | None:
        """The note as it is kept."""
        return clean_text(self.note)[:LONGEST_REASON] or None

    def is_that(self, row: ControlAnswer) -> bool:
        """Whether it was answered so already."""
        return (self.answer, self.kept) == (row.answer, row.note)


def judge_line(
    session: Session, *, report_id: UUID, line_number: int, accepted_cents: int, reason: str, actor: Actor,
    now: datetime, seen_number: int | None = None,
) -> LineOutcome:  # fmt: skip
    """Say what stands of a line, drawn or not; the newest outcome counts. Less than all of it needs a reason.

    `seen_number` is how many outcomes the page showed. Raises NotBegun, NotInControl, JudgedAlready, and Invalid with
    the field.
    """
    report = _begun(session, actor, report_id)
    charged = _charged(session, report, [line_number])
    if line_number not in charged:
        raise NotFound
    _must_be_seen(session, report, line_number, seen_number)
    _must_be_possible(session, report, line_number, accepted_cents, charged[line_number])
    outcome = outcome_of(charged[line_number], accepted_cents)
    why = reason if outcome is Outcome.ACCEPTED else written(reason, most=LONGEST_REASON, field="reason", empty=WHY)
    row = _row(session, report, line_number, charged[line_number], accepted_cents, why, actor, now)
    session.add(row)
    session.flush()
    after = {"line": line_number, "line_outcome": outcome, "accepted_cents": accepted_cents,
             "charged_cents": charged[line_number]}  # fmt: skip
    record(session, at=now, actor=actor, event="control.outcome", subject=report, after=after, reason=row.reason)
    return row


def accept_lines(
    session: Session, *, report_id: UUID, numbers: Collection[int], actor: Actor, now: datetime
) -> CostReport:
    """Accept several lines as they are charged, each with an outcome of its own.

    Raises Invalid of `numbers`, and JudgedAlready where one of them has an outcome: that is changed line by line.
    """
    report = _begun(session, actor, report_id)
    charged = _charged(session, report, numbers)
    if not charged or len(numbers) > MOST_AT_ONCE:
        raise Invalid(lazy_("Choose the lines that you have looked at, at most %(n)d.", n=MOST_AT_ONCE), "numbers")
    known = outcomes_of(session, report, charged)
    if known:
        raise JudgedAlready
    session.add_all(
        _row(session, report, number, cents, cents, "", actor, now, known) for number, cents in sorted(charged.items())
    )
    session.flush()
    after = {"lines": sorted(charged), "line_outcome": Outcome.ACCEPTED, "accepted_cents": sum(charged.values())}
    record(session, at=now, actor=actor, event="control.outcome", subject=report, after=after)
    return report


def answer_checklist(
    session: Session, *, report_id: UUID, told: Mapping[str, Told], actor: Actor, now: datetime
) -> CostReport:
    """Answer questions of the checklist, by key; anything but yes says why. What was answered so already stays.

    Raises NotBegun, NotFound for another question, InvalidForm with the field of each note that is missing.
    """
    report = _begun(session, actor, report_id)
    if told.keys() - {each.key for each in checklist_of(report.grant.application.design)}:
        raise NotFound
    faults = {f"note-{key}": WHY_NOT for key, each in told.items() if not (each.answer is Answer.YES or each.kept)}
    if faults:
        raise InvalidForm(faults)
    known = answers_of(session, report)
    new = {key: each for key, each in told.items() if key not in known or not each.is_that(known[key])}
    session.add_all(
        ControlAnswer(report_id=report.id, version=report.version, key=key, answer=each.answer, note=each.kept,
                      found_by=actor.person_id, found_at=now)
        for key, each in new.items()
    )  # fmt: skip
    session.flush()
    after = {"control_answers": {key: each.answer for key, each in new.items()}}
    record(session, at=now, actor=actor, event="control.answer", subject=report, after=after)
    return report


def _begun(session: Session, actor: Actor, report_id: UUID) -> CostReport:
    report = report_to_control(session, actor=actor, report_id=report_id)
    if sample_of_version(session, report) is None:
        raise NotBegun
    return report


def _must_be_seen(session: Session, report: CostReport, line_number: int, seen_number: int | None) -> None:
    if seen_number is None:
        return
    newest = outcomes_of(session, report, [line_number]).get(line_number)
    if seen_number != (newest.number if newest else 0):
        raise JudgedAlready


def _must_be_possible(session: Session, report: CostReport, line_number: int, accepted: int, charged: int) -> None:
    if not 0 <= accepted <= charged:
        raise Invalid(lazy_("Write an amount from zero to what the line charges."), "accepted")
    query = select(CostLine.form).where(CostLine.report_id == report.id, CostLine.number == line_number)
    if 0 < accepted < charged and session.scalars(query).one() is CostForm.LUMP_SUM:
        raise Invalid(lazy_("A lump sum pays a result: it stands whole, or not at all."), "accepted")


def _charged(session: Session, report: CostReport, numbers: Collection[int]) -> dict[int, int]:
    query = select(CostLine.number, CostLine.charged_cents)
    query = query.where(CostLine.report_id == report.id, CostLine.number.in_(numbers))
    return {row.number: row.charged_cents for row in session.execute(query)}


def _row(
    session: Session, report: CostReport, number: int, charged: int, accepted: int, why: str, actor: Actor,
    now: datetime, known: dict[int, LineOutcome] | None = None,
) -> LineOutcome:  # fmt: skip
    before = (outcomes_of(session, report, [number]) if known is None else known).get(number)
    return LineOutcome(
        report_id=report.id, version=report.version, line_number=number, number=before.number + 1 if before else 1,
        outcome=outcome_of(charged, accepted), charged_cents=charged, accepted_cents=accepted,
        reason=clean_text(why)[:LONGEST_REASON] or None, found_by=actor.person_id, found_at=now,
    )  # fmt: skip
