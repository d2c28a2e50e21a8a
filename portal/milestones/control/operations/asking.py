"""The office asks about costs, with a term; and goes on without an answer once it is over."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.admissibility import end_of_term
from portal.applications.content import content_hash
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.instants import ROME
from portal.core.written import written
from portal.grants.operations.news import tell_team
from portal.milestones.control.models import Clarification, ClarificationItem
from portal.milestones.control.operations.refusals import NothingAsked, TermRuns
from portal.milestones.control.operations.starting import report_to_control, stand_far
from portal.milestones.control.rules import LONGEST_WHAT, MOST_DAYS
from portal.milestones.costs.models import CostLine, CostReport
from portal.milestones.costs.queries.reports import report_to_change
from portal.milestones.costs.rules import ANSWER, ASK
from portal.register.operations import register_document
from portal.register.rules import Direction

WHOLE_REPORT = 0
"""In place of a line: a question about the whole report."""


def ask_clarification(
    session: Session, *, report_id: UUID, asked: Mapping[int, str], days: int, actor: Actor, now: datetime
) -> Clarification:
    """Ask the recipient about lines (0: the whole report), in one registered request with one term.

    Raises NotInControl, and Invalid with the field.
    """
    report = report_to_control(session, actor=actor, report_id=report_id)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(lazy_("Give from 1 to %(most)s days.", most=MOST_DAYS), "days")
    items = [
        ClarificationItem(line_number=number, what=written(what, most=LONGEST_WHAT, field="what", empty=lazy_(
            "Write what the recipient has to explain or to send.")))
        for number, what in sorted(asked.items()) if number in _known(session, report)
    ]  # fmt: skip
    if not items:
        raise Invalid(lazy_("Choose at least one line of this report, or the whole report."), "line")
    before = report.status
    request = _request(session, report, items, days, actor, now)
    session.add(request)
    report.make(ASK, at=now)
    report.control_began_at = report.control_began_at or now
    session.flush()
    record(
        session, at=now, actor=actor, event="control.ask", subject=report, before={"status": before},
        after={"status": report.status, "lines": [each.line_number for each in items], "due_at": request.due_at,
               "protocol": request.protocol_entry.label},
    )  # fmt: skip
    told = lazy_("%(reference)s: the office asks something about cost report %(number)d.",
                 reference=report.grant.reference, number=report.number)  # fmt: skip
    tell_team(session, organisation_id=report.grant.organisation_id, message=told, now=now, template="control/asked",
              path=f"/costs/{report.id}/clarification", report=report, request=request)  # fmt: skip
    return request


def close_clarification(session: Session, *, report_id: UUID, actor: Actor, now: datetime) -> Clarification:
    """Go on with the control without an answer. Raises NothingAsked, TermRuns."""
    report = report_to_change(session, actor, Action.CONTROL_WORK, report_id)
    stand_far(actor=actor, report=report)
    request = open_request(session, report=report)
    if now <= request.due_at:
        raise TermRuns
    before = report.status
    request.ended_by, request.ended_at = actor.person_id, now
    report.make(ANSWER, at=now)
    session.flush()
    record(session, at=now, actor=actor, event="control.unanswered", subject=report, before={"status": before},
           after={"status": report.status})  # fmt: skip
    return request


def open_request(session: Session, *, report: CostReport) -> Clarification:
    """What is asked now. Raises NothingAsked."""
    query = select(Clarification).where(Clarification.report_id == report.id, Clarification.ended_at.is_(None))
    request = session.scalars(query.with_for_update()).one_or_none()
    if request is None or report.status not in ANSWER.sources:
        raise NothingAsked
    return request


def _request(
    session: Session, report: CostReport, items: list[ClarificationItem], days: int, actor: Actor, now: datetime
) -> Clarification:
    last = session.scalar(select(func.max(Clarification.number)).where(Clarification.report_id == report.id))
    number = (last or 0) + 1
    told = {"report": str(report.id), "number": number, "days": days,
            "asked": [[each.line_number, each.what] for each in items]}  # fmt: skip
    entry = register_document(
        session, authority_id=report.authority_id, direction=Direction.OUTGOING,
        subject=f"{report.grant.reference} · Richiesta di chiarimenti sul rendiconto {report.number}",
        counterpart=report.grant.organisation.name, sha256=content_hash(told), actor=actor, now=now,
    )  # fmt: skip
    session.flush()
    return Clarification(
        report_id=report.id, version=report.version, number=number, protocol_entry=entry,
        due_at=end_of_term(now, days, ROME), asked_by=actor.person_id, asked_at=now, items=items,
    )  # fmt: skip


def _known(session: Session, report: CostReport) -> set[int]:
    numbers = session.scalars(select(CostLine.number).where(CostLine.report_id == report.id))
    return {WHOLE_REPORT, *numbers}
