"""Invariants of cost reports: amounts are those of their lines, parts stay within their document, no gaps."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.core.money import format_cents
from portal.milestones.costs.models import CostLine, CostReport, CostReportVersion
from portal.milestones.costs.queries.lines import overcharged
from portal.milestones.costs.rules import Claim, CostReportStatus
from portal.milestones.costs.rules.rates import with_rates

SENT = (CostReportStatus.SUBMITTED, CostReportStatus.CLARIFYING, CostReportStatus.APPROVED)


def broken(session: Session) -> Iterator[str]:
    """One line for each report that says one thing and is another."""
    query = select(CostReport).options(joinedload(CostReport.grant)).where(CostReport.version > 0)
    charged, accepted = _sums(session, CostLine.charged_cents), _sums(session, CostLine.accepted_cents)
    versions = _versions(session)
    for report in session.scalars(query.order_by(CostReport.grant_id, CostReport.number)):
        name = f"costs: {report.grant.reference} report {report.number}"
        if report.status in SENT:
            yield from _amount(name, "claims", report, report.claimed_cents, charged.get(report.id, {}))
        if report.accepted_cents is not None:
            yield from _amount(name, "accepts", report, report.accepted_cents, accepted.get(report.id, {}))
        numbers = versions.get(report.id, [])
        if numbers != list(range(1, report.version + 1)):
            yield f"{name} is at version {report.version} and kept {numbers}"
    yield from _documents(session)


def _amount(name: str, verb: str, report: CostReport, said: int, lines: dict[str, int]) -> Iterator[str]:
    found = sum(with_rates(report.grant.application.design.costs, lines).values())
    if found != said:
        yield f"{name} {verb} {format_cents(said)} and its lines come to {format_cents(found)}"


def _sums(session: Session, column: Any) -> dict[UUID, dict[str, int]]:
    found: dict[UUID, dict[str, int]] = {}
    query = select(CostLine.report_id, CostLine.category, func.coalesce(func.sum(column), 0))
    for report_id, category, cents in session.execute(query.group_by(CostLine.report_id, CostLine.category)):
        found.setdefault(report_id, {})[category] = int(cents)
    return found


def _versions(session: Session) -> dict[UUID, list[int]]:
    found: dict[UUID, list[int]] = {}
    query = select(CostReportVersion.report_id, CostReportVersion.number).order_by(CostReportVersion.number)
    for report_id, number in session.execute(query):
        found.setdefault(report_id, []).append(number)
    return found


def _documents(session: Session) -> Iterator[str]:
    """What was sent: a document claimed by two grants is no longer one of one grant (the database refuses it too)."""
    claimed = select(CostLine.fingerprint).where(CostLine.claim == Claim.CLAIMED, CostLine.fingerprint.is_not(None))
    twice = claimed.group_by(CostLine.fingerprint).having(func.count(func.distinct(CostLine.grant_id)) > 1)
    for mark in session.scalars(twice):
        yield f"costs: the document {mark} is claimed by more than one grant"
    sent = select(CostReport.grant_id).where(CostReport.status.in_(SENT)).distinct()
    for grant_id in session.scalars(sent).all():
        written = select(CostLine.fingerprint).join(CostReport, CostReport.id == CostLine.report_id)
        drafts = set(session.scalars(written.where(CostReport.grant_id == grant_id, CostReport.status.not_in(SENT))))
        for mark, cents in overcharged(session, grant_id).items():
            if mark not in drafts:
                yield f"costs: the document {mark} is charged {format_cents(cents)} beyond its amount"
