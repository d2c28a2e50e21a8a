"""Reports of costs in a rehearsal: written, sent, controlled and approved where a tranche waits for them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calls.rules import CostForm
from portal.core.counts import format_count
from portal.core.errors import InvalidForm, Refusal
from portal.core.i18n import lazy_
from portal.core.money import format_cents, share
from portal.grants.models import Grant
from portal.milestones.control.operations import (
    accept_lines,
    answer_checklist,
    approve_control,
    begin_control,
    propose_control,
)
from portal.milestones.control.operations.judging import MOST_AT_ONCE, Told
from portal.milestones.control.queries import control_of
from portal.milestones.control.rules import Answer
from portal.milestones.costs.models import CostLine, CostReport
from portal.milestones.costs.operations import AnswersMissing, send_report, start_report, write_line
from portal.milestones.costs.queries import agreed_plan, milestones_of
from portal.milestones.costs.queries.totals import reported_before
from portal.milestones.costs.rules.terms import Category, borne, categories_of
from portal.milestones.rules import MilestoneStatus
from portal.payments.models import Tranche
from portal.payments.queries import tranches_of
from portal.payments.templates import EARNED, gates_declared, is_reimbursed, template_of
from portal.rehearsal.codes import entity_code
from portal.rehearsal.play import Play
from portal.rehearsal.saying import Listed
from portal.rehearsal.steps.telling import tell_what_was_done
from portal.rehearsal.words import ENTITIES, SENTENCES, steady

SEED = "prova"
HOUR = timedelta(hours=1)


def account_for(play: Play, grant: Grant, tranche: Tranche, now: datetime) -> None:
    """Report so much as the tranche waits for, and have it approved; what stands in the way is told."""
    if not _is_awaited(play, tranche):
        return
    part = _part(play, grant, tranche)
    refusal = play.attempt(_report, play=play, grant=grant, part=part, now=now)
    if refusal is not None:
        place = "reporting.questionnaire" if isinstance(refusal, AnswersMissing) else "reporting"
        play.impossible(
            lazy_("%(reference)s: no cost report could be sent and approved: %(reasons)s", reference=grant.reference,
                  reasons=_reasons(refusal)), place=place, path=f"/grants/{grant.id}",
        )  # fmt: skip
        return
    report = _newest(play.session, grant)
    play.done(
        lazy_("%(reference)s: cost report %(number)s sent, controlled by one officer and approved by another:"
              " € %(euro)s accepted.", reference=grant.reference, number=report.number,
              euro=format_cents(report.accepted_cents or 0)), path=f"/costs/{report.id}",
    )  # fmt: skip


def _is_awaited(play: Play, tranche: Tranche) -> bool:
    """A gate waits for it, or what the call asks of reports is still to be answered once."""
    is_last = tranche.number == len(play.design.tranches)
    is_gate = not EARNED.isdisjoint(gates_declared(tranche)) or is_reimbursed(tranche)
    return is_gate or bool(is_last and play.design.reporting.sections)


def _part(play: Play, grant: Grant, tranche: Tranche) -> Fraction:
    """How much of the agreed budget is spent by now: evenly from report to report, more where a gate asks for more."""
    every = tranches_of(play.session, grant.id)
    awaited = [each.number for each in every if _is_awaited(play, each)]
    even = Fraction(awaited.index(tranche.number) + 1, len(awaited))
    template = template_of(tranche)
    least = (template.minimum_spent if template else None) or Decimal(0)
    earlier = sum(each.amount_cents for each in every if each.number < tranche.number)
    needed = Fraction(share(earlier, int(least * 100)), max(grant.granted_cents, 1))
    return min(max(even, needed), Fraction(1))


def _report(session: Session, *, play: Play, grant: Grant, part: Fraction, now: datetime) -> None:
    """The whole way of one report: everything of it, or nothing."""
    owner, plan = play.owner_of(grant.organisation_id, now), agreed_plan(session, grant.id)
    start, end, paid = borne(grant.application.design, plan)
    today = now.date()
    until = min(today, paid or today)
    report = start_report(session, grant_id=grant.id, from_on=start or grant.starts_on or until, until_on=until,
                          actor=owner, now=now)  # fmt: skip
    for typed in _typed(session, report, part, min(until, end or until)):
        write_line(session, report_id=report.id, typed=typed, actor=owner, now=now,
                   uploads=[play.paper("Fattura", str(typed.get("document_number", report.number)))])  # fmt: skip
    tell_what_was_done(play, report, owner, now)
    send_report(session, report_id=report.id, seen_cents=None, actor=owner, now=now + HOUR)
    _control(session, play, report, now + 2 * HOUR)


def _typed(session: Session, report: CostReport, part: Fraction, day: date) -> Iterator[dict[str, Any]]:
    """Costs of every category up to its part of the budget, less what was reported before."""
    grant, design = report.grant, report.grant.application.design
    plan = agreed_plan(session, grant.id)
    categories = [each for each in categories_of(design, plan).values() if each.refused is None]
    budget = {line.key: line.cents for line in plan.budget} if plan else {}
    if not budget and categories:
        budget = {next((each.key for each in categories if each.form is CostForm.REAL), ""): grant.granted_cents}
    before = reported_before(session, report, design.costs)
    for category in categories:
        left = int(budget.get(category.key, 0) * part) - before.get(category.key, 0)
        if left > 0:
            yield from _lines(session, report, category, left, day)


def _lines(session: Session, report: CostReport, category: Category, left: int, day: date) -> Iterator[dict[str, Any]]:
    told = {"category": category.key, "description": SENTENCES[steady(category.key, len(SENTENCES))]}
    if category.form is CostForm.REAL:
        key = f"{report.grant.reference}/{report.number}/{category.key}"
        yield told | {
            "document": "invoice", "supplier_name": ENTITIES[steady(key, len(ENTITIES))], "document_number": key,
            "supplier_code": entity_code(steady(key, 10**6)), "document_on": day, "net": format_cents(left),
            "share": "100", "cup": report.grant.cup or "", "paid_on": day, "payment_means": "transfer",
            "payment_reference": "PROVA",
        }  # fmt: skip
    elif category.form is CostForm.UNIT_COST and left * 100 // category.amount_cents:
        yield told | {"quantity": format_count(left * 100 // category.amount_cents)}
    elif category.form is CostForm.LUMP_SUM:
        results = _results(session, report, category)
        yield from (told | {"milestone": str(number)} for number in results[: left // category.amount_cents])


def _results(session: Session, report: CostReport, category: Category) -> list[int]:
    """The milestones that were accepted and that no lump sum of this kind has paid yet."""
    query = select(CostLine.milestone_id).where(CostLine.grant_id == report.grant_id, CostLine.category == category.key)
    paid = set(session.scalars(query))
    return [each.number for each in milestones_of(session, report.grant_id)
            if each.status is MilestoneStatus.ACCEPTED and each.id not in paid]  # fmt: skip


def _control(session: Session, play: Play, report: CostReport, now: datetime) -> None:
    """One officer looks at the lines drawn and answers the checklist, the other approves."""
    officer = play.actor("officer", now)
    begin_control(session, report_id=report.id, seed=SEED, actor=officer, now=now)
    control = control_of(session, report)
    lines = control.to_check
    for first in range(0, len(lines), MOST_AT_ONCE):
        accept_lines(session, report_id=report.id, numbers=lines[first : first + MOST_AT_ONCE], actor=officer, now=now)
    told = {each.key: Told(Answer.YES) for each in control.checklist}
    answer_checklist(session, report_id=report.id, told=told, actor=officer, now=now)
    proposal = propose_control(session, report_id=report.id, seen_cents=control_of(session, report).accepted_cents,
                               note="", actor=officer, now=now)  # fmt: skip
    approve_control(session, report_id=report.id, proposal_id=proposal.id, actor=play.actor("author", now + HOUR),
                    now=now + HOUR)  # fmt: skip


def _newest(session: Session, grant: Grant) -> CostReport:
    query = select(CostReport).where(CostReport.grant_id == grant.id).order_by(CostReport.number.desc())
    return session.scalars(query.limit(1)).one()


def _reasons(refusal: Refusal) -> object:
    return Listed(refusal.errors.values(), " ") if isinstance(refusal, InvalidForm) else refusal.message
