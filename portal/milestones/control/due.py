"""What the control of costs asks of people: to control, to approve, to answer, to go on without an answer."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from portal.access.models import Organisation
from portal.access.policy import Role, Tie
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.core.instants import format_instant
from portal.grants.models import Grant
from portal.milestones.control.models import (
    Clarification,
    ControlAnswer,
    ControlProposal,
    ControlWidening,
    LineOutcome,
)
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.rules import CostReportStatus
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

ANSWERING_TIES = (Tie.OWNER, Tie.EDITOR, Tie.REPORTER)
Of = ColumnElement[bool]
LATER = (
    (LineOutcome, LineOutcome.found_at), (ControlAnswer, ControlAnswer.found_at),
    (ControlWidening, ControlWidening.drawn_at), (Clarification, Clarification.asked_at),
)  # fmt: skip
"""What makes a proposal void when it comes after it."""


def control_asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Of the office and of recipients."""
    if offices := actor.authorities_as(Role.OFFICER):
        kept = (*ANSWERING_TIES, Tie.VIEWER, Tie.CONFLICTED)
        own = {tied for tie in kept for tied in actor.objects_tied_as(tie)}
        at_home = and_(Grant.authority_id.in_(offices), Grant.organisation_id.not_in(own))
        waits = CostReport.status == CostReportStatus.SUBMITTED
        yield Ask(_reports(at_home, waits, ~_proposed()), (CostReport.submitted_at, CostReport.id), _control)
        yield Ask(_reports(at_home, waits, _proposed(actor)), (CostReport.submitted_at, CostReport.id), _approve)
        yield Ask(_asked(at_home, Clarification.due_at < now), (Clarification.due_at, Clarification.id), _go_on)
    if teams := {tied for tie in ANSWERING_TIES for tied in actor.objects_tied_as(tie)}:
        query = _asked(Grant.organisation_id.in_(teams))
        yield Ask(query, (Clarification.due_at, Clarification.id), _answer)


def _reports(*wanted: Of) -> Select[Any]:
    columns = line(id=CostReport.id, name=Grant.reference, more=Organisation.name, number=CostReport.number)
    query = select(*columns).select_from(CostReport).join(Grant, Grant.id == CostReport.grant_id)
    return query.join(Organisation, Organisation.id == Grant.organisation_id).where(*wanted)


def _proposed(by_others_than: Actor | None = None) -> Of:
    """Whether the control of this version was proposed, by anybody or by somebody else, and nothing was found since."""
    later = [
        exists().where(found.report_id == CostReport.id, found.version == CostReport.version,
                       at > ControlProposal.proposed_at)
        for found, at in LATER
    ]  # fmt: skip
    of_it = and_(ControlProposal.report_id == CostReport.id, ControlProposal.version == CostReport.version,
                 *(~each for each in later))  # fmt: skip
    if by_others_than is None:
        return exists().where(of_it)
    other = or_(ControlProposal.proposed_by.is_(None), ControlProposal.proposed_by != by_others_than.person_id)
    return exists().where(of_it, other)


def _asked(*wanted: Of) -> Select[Any]:
    columns = line(id=CostReport.id, name=Grant.reference, more=Organisation.name, number=CostReport.number,
                   at=Clarification.due_at)  # fmt: skip
    query = select(*columns).select_from(Clarification).join(CostReport, CostReport.id == Clarification.report_id)
    query = query.join(Grant, Grant.id == CostReport.grant_id).where(Clarification.ended_at.is_(None), *wanted)
    return query.join(Organisation, Organisation.id == Grant.organisation_id)


def _step(found: Any, what: str, button: str, why: str, path: str, by: datetime | None = None) -> DueStep:
    place = f"{found.name} · {found.more}"
    return DueStep(what=what, button=button, path=f"/costs/{found.id}/{path}", by=by, why=why, place=place)


def _control(found: Any) -> DueStep:
    return _step(found, _("Control cost report %(number)d", number=found.number), _("Control"),
                 _("What is accepted lets the next tranche go on."), "control")  # fmt: skip


def _approve(found: Any) -> DueStep:
    return _step(found, _("Approve the control of cost report %(number)d", number=found.number), _("Read and approve"),
                 _("A colleague has ended the control: somebody else approves it."), "control")  # fmt: skip


def _go_on(found: Any) -> DueStep:
    return _step(found, _("Go on with the control of cost report %(number)d", number=found.number), _("Open"),
                 _("The term to answer ended on %(day)s.", day=format_instant(found.at)), "control")  # fmt: skip


def _answer(found: Any) -> DueStep:
    return _step(found, _("Answer what the office asks about your costs"), _("Answer"),
                 _("The control of the report waits for it."), "clarification", found.at)  # fmt: skip
