"""The recipient answers what was asked about its costs, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.content import content_hash
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import InvalidForm
from portal.core.i18n import lazy_
from portal.core.text import clean_text, is_blank
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.grants.operations.news import tell_office
from portal.milestones.control.models import Clarification, ClarificationItem
from portal.milestones.control.operations.asking import open_request
from portal.milestones.control.rules import LONGEST_ANSWER
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.queries import report_to_read
from portal.milestones.costs.queries.reports import report_to_change
from portal.milestones.costs.rules import ANSWER
from portal.register.operations import register_document
from portal.register.rules import Direction

FILES = FileRules(("pdf", "p7m", "xml", "png", "jpg", "jpeg", "xlsx"), 10 * 1024 * 1024, field="file")


@dataclass(frozen=True, slots=True)
class Replied:
    """The answer to one question, with at most one file."""

    text: str
    file: Arrived | None = None


def reply_rules(session: Session, *, report_id: UUID, actor: Actor) -> FileRules:
    """What is asked of a file that goes with an answer, to whoever may answer."""
    authorise(actor, Action.CLARIFICATION_ANSWER, report_to_read(session, actor, report_id))
    return FILES


def reply_to_clarification(
    session: Session, *, report_id: UUID, replies: Mapping[int, Replied], actor: Actor, now: datetime
) -> Clarification:
    """Answer every question, by number of line; what was not asked is not taken. The control goes on.

    An answer after the term is taken until the office goes on, and marked as late. Raises NothingAsked, InvalidForm.
    """
    report = report_to_change(session, actor, Action.CLARIFICATION_ANSWER, report_id)
    request = open_request(session, report=report)
    faults = {f"answer-{item.line_number}": fault for item in request.items if (fault := _fault(item, replies))}
    if faults:
        raise InvalidForm(faults)
    for item in request.items:
        _answer(session, item, replies[item.line_number], actor, now)
    before = report.status
    request.ended_by, request.ended_at, request.is_answered = actor.person_id, now, True
    report.make(ANSWER, at=now)
    session.flush()
    entry = _register(session, report, request, actor, now)
    record(session, at=now, actor=actor, event="control.reply", subject=report, before={"status": before},
           after={"status": report.status, "late": request.is_late, "protocol": entry})  # fmt: skip
    message = lazy_("%(team)s has answered about cost report %(number)d of %(reference)s.", number=report.number,
                    team=report.grant.organisation.name, reference=report.grant.reference)  # fmt: skip
    tell_office(session, authority_id=report.authority_id, message=message, path=f"/costs/{report.id}/control", now=now)
    return request


def _fault(item: ClarificationItem, replies: Mapping[int, Replied]) -> Any:
    reply = replies.get(item.line_number)
    if reply is None or is_blank(reply.text):
        return lazy_("Answer this question: it was asked.")
    if len(reply.text) > LONGEST_ANSWER:
        return lazy_("At most %(most)d characters, these are %(n)d.", most=LONGEST_ANSWER, n=len(reply.text))
    return None


def _answer(session: Session, item: ClarificationItem, reply: Replied, actor: Actor, now: datetime) -> None:
    item.answer = clean_text(reply.text)
    if reply.file is not None:
        item.file = store_upload(session, upload=reply.file, rules=FILES, actor=actor, now=now)


def _register(session: Session, report: CostReport, request: Clarification, actor: Actor, now: datetime) -> str:
    told = {"report": str(report.id), "number": request.number, "answers": [
        [each.line_number, each.answer, each.file.sha256 if each.file else None] for each in request.items
    ]}  # fmt: skip
    entry = register_document(
        session, authority_id=report.authority_id, direction=Direction.INCOMING,
        subject=f"{report.grant.reference} · Chiarimenti sul rendiconto {report.number}",
        counterpart=report.grant.organisation.name, sha256=content_hash(told), actor=actor, now=now,
    )  # fmt: skip
    session.flush()
    return entry.label
