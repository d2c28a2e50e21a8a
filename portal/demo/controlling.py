"""Cost reports under control: begun, with a question, given back, approved with a cut and its letter."""

from typing import Any

from portal.demo.stage import Stage
from portal.milestones.control.letters import make_letter
from portal.milestones.control.operations import (
    accept_lines,
    answer_checklist,
    approve_control,
    ask_clarification,
    begin_control,
    judge_line,
    propose_control,
    return_costs,
)
from portal.milestones.control.operations.judging import Told
from portal.milestones.control.queries import control_of
from portal.milestones.control.rules import Answer
from portal.milestones.costs.models import CostReport

CUT = "La ricevuta riporta € 300,00: il resto non ha una prova di pagamento."
QUESTIONS = {2: "Serve l'incarico firmato: che cosa comprende la consulenza?", 3: "Manca la contabile del bonifico."}
BACK = "Le tre spese sono di un altro periodo: correggere le date, poi inviare di nuovo."


def begin(stage: Stage, report: CostReport, *, since: int) -> None:
    """A colleague of the officer has looked at the first line, and cut it."""
    given = _by(stage, report)
    begin_control(stage.session, seed="", now=stage.at(since), **given)
    judge_line(stage.session, line_number=3, accepted_cents=30_000, reason=CUT, now=stage.at(since + 1), **given)


def ask_about(stage: Stage, report: CostReport, *, since: int) -> None:
    """The recipient has ten days to answer two questions."""
    begin(stage, report, since=since)
    ask_clarification(stage.session, asked=QUESTIONS, days=10, now=stage.at(since + 2), **_by(stage, report))


def give_back(stage: Stage, report: CostReport, *, since: int) -> None:
    """The whole report is to be mended."""
    begin_control(stage.session, seed="", now=stage.at(since), **_by(stage, report))
    return_costs(stage.session, reason=BACK, now=stage.at(since + 2), **_by(stage, report))


def judge(stage: Stage, report: CostReport, *, since: int) -> None:
    """Every line has its outcome, every question its answer; the officer approves, and the letter goes."""
    session, given = stage.session, _by(stage, report)
    begin(stage, report, since=since)
    accept_lines(session, numbers=[1, 2], now=stage.at(since + 1, 11), **given)
    found = control_of(session, report)
    told = {each.key: Told(Answer.YES) for each in found.checklist}
    answer_checklist(session, told=told, now=stage.at(since + 1, 12), **given)
    proposal = propose_control(session, seen_cents=found.accepted_cents, note="", now=stage.at(since + 2), **given)
    approve_control(session, report_id=report.id, proposal_id=proposal.id, actor=stage.actor("officer"),
                    now=stage.at(since + 3))  # fmt: skip
    make_letter(session, report_id=report.id, now=stage.at(since + 3, 13))


def _by(stage: Stage, report: CostReport) -> dict[str, Any]:
    return {"report_id": report.id, "actor": stage.actor("officer-2")}
