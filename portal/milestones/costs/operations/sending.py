"""A report is sent, taken back, or taken up again after it was returned."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.documents.operations import store_bytes
from portal.grants.operations.news import tell_office
from portal.milestones.costs.frozen import frozen
from portal.milestones.costs.models import CostLine, CostReport, CostReportVersion
from portal.milestones.costs.operations.refusals import AnswersMissing, SeenOtherwise, ToMend, UnderControl
from portal.milestones.costs.operations.starting import must_be_open
from portal.milestones.costs.queries.reports import report_to_change
from portal.milestones.costs.queries.whole import whole_report
from portal.milestones.costs.rules import REWRITE, SEND, WITHDRAW, Claim, CostReportSent


def send_report(
    session: Session, *, report_id: UUID, seen_cents: int | None, actor: Actor, now: datetime
) -> CostReport:
    """Send answers and costs as they stand: frozen, hashed, its documents claimed for this grant alone.

    `seen_cents` binds the sending to the amount that was shown. Raises AnswersMissing, ToMend, SeenOtherwise,
    ChargedElsewhere, CostsNotOpen, IllegalMove; then nothing has changed.
    """
    report = report_to_change(session, actor, Action.COST_SEND, report_id)
    before = report.status
    SEND.apply(before)
    must_be_open(grant=report.grant)
    whole = whole_report(session, report)
    if whole.technical is not None and whole.technical.missing:
        raise AnswersMissing(label for _key, label, _words in whole.technical.to_mend)
    if not whole.may_be_sent:
        raise ToMend
    if seen_cents is not None and seen_cents != whole.claimed_cents:
        raise SeenOtherwise
    _claim(session, report)
    version = _freeze(session, report, frozen(report, whole, report.version + 1), len(whole.costs), actor, now)
    report.claimed_cents, report.version = whole.claimed_cents, report.version + 1
    version.claimed_cents = whole.claimed_cents
    report.submitted_by, report.submitted_at = actor.person_id, now
    report.make(SEND, at=now)
    session.add(version)
    session.flush()
    record(
        session, at=now, actor=actor, event="cost.send", subject=report, before={"status": before},
        after={"status": report.status, "version": report.version, "sha256": version.sha256,
               "claimed_cents": report.claimed_cents, "lines": version.lines},
    )  # fmt: skip
    announce(session, CostReportSent(report.id, report.grant_id, report.claimed_cents, now))
    _tell(session, report, now)
    return report


def withdraw_report(session: Session, *, report_id: UUID, actor: Actor, now: datetime) -> CostReport:
    """Take a report back before its control begins; the next sending is a new version. Raises UnderControl."""
    report = report_to_change(session, actor, Action.COST_SEND, report_id)
    before = report.status
    WITHDRAW.apply(before)
    if report.control_began_at is not None:
        raise UnderControl
    report.make(WITHDRAW, at=now)
    session.flush()
    record(session, at=now, actor=actor, event="cost.withdraw", subject=report, before={"status": before},
           after={"status": report.status, "version": report.version})  # fmt: skip
    return report


def rewrite_report(session: Session, *, report_id: UUID, actor: Actor, now: datetime) -> CostReport:
    """Take up a report that the office returned: its lines may change again; who decided is left to the trail."""
    report = report_to_change(session, actor, Action.COST_WRITE, report_id)
    before = report.status
    reason = report.return_reason
    REWRITE.apply(before)
    report.make(REWRITE, at=now)
    report.return_reason = report.decided_by = report.decided_at = report.control_began_at = None
    session.flush()
    record(session, at=now, actor=actor, event="cost.rewrite", subject=report, before={"status": before},
           after={"status": report.status, "version": report.version}, reason=reason)  # fmt: skip
    return report


def _claim(session: Session, report: CostReport) -> None:
    """From now on these documents are this grant's: the database refuses them to every other one."""
    firsts = select(CostLine.part_of_id).where(CostLine.report_id == report.id, CostLine.part_of_id.is_not(None))
    session.execute(
        update(CostLine)
        .where((CostLine.report_id == report.id) | CostLine.id.in_(firsts), CostLine.claim == Claim.WRITTEN)
        .values(claim=Claim.CLAIMED)
        .execution_options(synchronize_session=False)
    )


def _freeze(
    session: Session, report: CostReport, content: bytes, lines: int, actor: Actor, now: datetime
) -> CostReportVersion:
    name = f"rendiconto-{report.grant.reference}-{report.number}-v{report.version + 1}.json"
    file = store_bytes(session, name=name, media_type="application/json", content=content, actor=actor, now=now)
    session.flush()
    return CostReportVersion(
        report_id=report.id, number=report.version + 1, lines=lines, sha256=hashlib.sha256(content).hexdigest(),
        file_id=file.id, sent_by=actor.person_id, sent_at=now,
    )  # fmt: skip


def _tell(session: Session, report: CostReport, now: datetime) -> None:
    message = lazy_("%(team)s has sent cost report %(number)d of %(reference)s.", number=report.number,
                    team=report.grant.organisation.name, reference=report.grant.reference)  # fmt: skip
    tell_office(session, authority_id=report.authority_id, message=message, path=f"/costs/{report.id}", now=now)
