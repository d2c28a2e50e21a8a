"""A control ends: proposed by who controlled, approved by somebody else, or sent back to be mended."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.jobs import enqueue
from portal.core.text import clean_text
from portal.core.written import written
from portal.grants.apart import TwoPeople
from portal.grants.operations.news import tell_office, tell_team
from portal.milestones.control.models import ControlProposal
from portal.milestones.control.operations.limiting import must_keep_limits
from portal.milestones.control.operations.refusals import ChangedSince, NotComplete
from portal.milestones.control.operations.settling import settle_lines
from portal.milestones.control.operations.starting import report_to_control, stand_far
from portal.milestones.control.projection import kept
from portal.milestones.control.queries import Control, clarifications_of, control_of, digest_of, people_of
from portal.milestones.control.rules import LONGEST_REASON
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.queries.reports import report_to_change
from portal.milestones.costs.rules import APPROVE, RETURN, CostReportApproved

LETTER_JOB = "control.letter"


def propose_control(
    session: Session, *, report_id: UUID, seen_cents: int, note: str, actor: Actor, now: datetime,
    seen_sha256: str = "",
) -> ControlProposal:  # fmt: skip
    """End the control with what it found; `seen_…` is what the page showed.

    Raises NotComplete, ChangedSince, BeyondLimit; then nothing has changed.
    """
    report = report_to_control(session, actor=actor, report_id=report_id)
    control = control_of(session, report)
    if not control.is_complete:
        raise NotComplete
    if seen_cents != control.accepted_cents or (seen_sha256 and seen_sha256 != digest_of(control)):
        raise ChangedSince
    must_keep_limits(session, control=control)
    proposal = ControlProposal(
        report_id=report.id, version=report.version, number=control.proposal.number + 1 if control.proposal else 1,
        accepted_cents=control.accepted_cents, found_sha256=digest_of(control),
        note=clean_text(note)[:LONGEST_REASON], proposed_by=actor.person_id, proposed_at=now, **_projected(control),
    )  # fmt: skip
    session.add(proposal)
    session.flush()
    record(session, at=now, actor=actor, event="control.propose", subject=report,
           after={"accepted_cents": proposal.accepted_cents, "claimed_cents": report.claimed_cents,
                  "version": report.version, "sha256": proposal.found_sha256})  # fmt: skip
    message = lazy_("%(reference)s: the control of cost report %(number)d waits for its approval.",
                    reference=report.grant.reference, number=report.number)  # fmt: skip
    tell_office(session, authority_id=report.authority_id, message=message, path=f"/costs/{report.id}/control", now=now)
    return proposal


def _projected(control: Control) -> dict[str, Any]:
    if control.projection is None:
        return {}
    return {"projected_cents": control.projection.projected_cents,
            "projection": kept(control.projection, control.materiality)}  # fmt: skip


def approve_control(
    session: Session, *, report_id: UUID, proposal_id: UUID | None, actor: Actor, now: datetime
) -> CostReport:
    """Accept what a colleague has found: what stands of the report is final, and its recipient gets a letter.

    `proposal_id` binds the approval to what was read. Raises TwoPeople for whoever had a hand in the control,
    OwnOrganisation, ChangedSince, NotInControl; then nothing has changed.
    """
    report = report_to_control(session, actor=actor, report_id=report_id, action=Action.CONTROL_APPROVE)
    control = control_of(session, report)
    proposal = control.proposal
    if proposal is None or not control.stands or proposal.id != proposal_id:
        raise ChangedSince
    if actor.person_id in people_of(session, report):
        raise TwoPeople
    proposal.approved_by, proposal.approved_at = actor.person_id, now
    settle_lines(session, report=report, outcomes=control.outcomes.values())
    before = report.status
    report.accepted_cents, report.decided_by, report.decided_at = proposal.accepted_cents, actor.person_id, now
    report.make(APPROVE, at=now)
    session.flush()
    record(session, at=now, actor=actor, event="control.approve", subject=report, before={"status": before},
           after={"status": report.status, "accepted_cents": proposal.accepted_cents, "version": report.version,
                  "claimed_cents": report.claimed_cents})  # fmt: skip
    announce(session, CostReportApproved(report.id, report.grant_id, proposal.accepted_cents, now))
    enqueue(session, LETTER_JOB, now=now, report_id=report.id)
    return report


def return_costs(session: Session, *, report_id: UUID, reason: str, actor: Actor, now: datetime) -> CostReport:
    """Send the whole report back to be mended: its next version is controlled anew."""
    report = report_to_change(session, actor, Action.CONTROL_WORK, report_id)
    stand_far(actor=actor, report=report, not_again=report.submitted_by)
    before = report.status
    RETURN.apply(before)
    why = written(reason, most=LONGEST_REASON, field="reason",
                  empty=lazy_("Write what has to be mended: the recipient reads it."))  # fmt: skip
    for request in clarifications_of(session, report):
        if request.ended_at is None:
            request.ended_by, request.ended_at = actor.person_id, now
    report.return_reason, report.decided_by, report.decided_at = why, actor.person_id, now
    report.make(RETURN, at=now)
    session.flush()
    record(session, at=now, actor=actor, event="control.return", subject=report, before={"status": before},
           after={"status": report.status, "version": report.version}, reason=why)  # fmt: skip
    told = lazy_("%(reference)s: cost report %(number)d came back to be mended.", reference=report.grant.reference,
                 number=report.number)  # fmt: skip
    tell_team(session, organisation_id=report.grant.organisation_id, message=told, now=now,
              template="control/returned", path=f"/costs/{report.id}", report=report)  # fmt: skip
    return report
