"""The control of costs in the demonstration: one that has begun, one that was approved with a cut and a letter."""

from typing import Any

from portal.demo.stage import Stage
from portal.milestones.control.letters import make_letter
from portal.milestones.control.operations import (
    accept_lines,
    answer_checklist,
    approve_control,
    begin_control,
    judge_line,
    propose_control,
)
from portal.milestones.control.operations.judging import Told
from portal.milestones.control.queries import control_of
from portal.milestones.control.rules import Answer
from portal.milestones.costs.models import CostReport

CUT = "La ricevuta riporta € 300,00: il resto non ha una prova di pagamento."


def control(stage: Stage, report: CostReport, *, to_the_end: bool) -> None:
    """A colleague of the officer looks at the lines; the officer approves."""
    session = stage.session
    given: dict[str, Any] = {"report_id": report.id, "actor": stage.actor("officer-2")}
    begin_control(session, seed="", now=stage.at(-8), **given)
    judge_line(session, line_number=3, accepted_cents=30_000, reason=CUT, now=stage.at(-7), **given)
    if to_the_end:
        accept_lines(session, numbers=[1, 2], now=stage.at(-7, 11), **given)
        _end(stage, report, given)


def _end(stage: Stage, report: CostReport, given: dict[str, Any]) -> None:
    session = stage.session
    found = control_of(session, report)
    told = {each.key: Told(Answer.YES) for each in found.checklist}
    answer_checklist(session, told=told, now=stage.at(-7, 12), **given)
    proposal = propose_control(session, seen_cents=found.accepted_cents, note="", now=stage.at(-6), **given)
    approve_control(session, report_id=report.id, proposal_id=proposal.id, actor=stage.actor("officer"),
                    now=stage.at(-5))  # fmt: skip
    make_letter(session, report_id=report.id, now=stage.at(-5, 13))
