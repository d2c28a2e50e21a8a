"""What was drawn, found, answered and proposed for the version of a report that is in control."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.milestones.control.models import (
    Clarification,
    ClarificationItem,
    ControlAnswer,
    ControlLetter,
    ControlProposal,
    ControlSample,
    ControlWidening,
    LineOutcome,
)
from portal.milestones.control.rules import Charged
from portal.milestones.costs.models import CostLine, CostReport


def lines_charged(session: Session, report_id: UUID) -> list[Charged]:
    """Every line of a report in a lean form, by number."""
    mark = func.coalesce(CostLine.fingerprint, "")
    query = select(CostLine.number, CostLine.category, CostLine.charged_cents, mark)
    query = query.where(CostLine.report_id == report_id)
    return [Charged(*row) for row in session.execute(query.order_by(CostLine.number))]


def sample_of_version(session: Session, report: CostReport) -> ControlSample | None:
    """The sample of the version that was sent last."""
    query = select(ControlSample).options(joinedload(ControlSample.person), joinedload(ControlSample.widenings))
    query = query.where(ControlSample.report_id == report.id, ControlSample.version == report.version)
    return session.scalars(query.execution_options(populate_existing=True)).unique().one_or_none()


def outcomes_of(session: Session, report: CostReport, numbers: Collection[int] | None = None) -> dict[int, LineOutcome]:
    """The newest outcome of each line of this version, or of these lines alone."""
    query = select(LineOutcome).options(joinedload(LineOutcome.person))
    query = query.where(LineOutcome.report_id == report.id, LineOutcome.version == report.version)
    if numbers is not None:
        query = query.where(LineOutcome.line_number.in_(numbers))
    query = query.order_by(LineOutcome.line_number, LineOutcome.number)
    return {each.line_number: each for each in session.scalars(query)}


def answers_of(session: Session, report: CostReport) -> dict[str, ControlAnswer]:
    """The newest answer to each question of the checklist."""
    query = select(ControlAnswer).options(joinedload(ControlAnswer.person))
    query = query.where(ControlAnswer.report_id == report.id, ControlAnswer.version == report.version)
    return {each.key: each for each in session.scalars(query.order_by(ControlAnswer.found_at, ControlAnswer.id))}


def proposal_of(session: Session, report: CostReport) -> ControlProposal | None:
    """The newest proposal for this version."""
    query = select(ControlProposal).options(joinedload(ControlProposal.proposer), joinedload(ControlProposal.approver))
    query = query.where(ControlProposal.report_id == report.id, ControlProposal.version == report.version)
    return session.scalars(query.order_by(ControlProposal.number.desc())).first()


def people_of(session: Session, report: CostReport) -> set[UUID]:
    """Everybody who had a hand in the control of this version: none of them approves it."""
    kinds = (
        select(kind).where(model.report_id == report.id, model.version == report.version)
        for model, kind in (
            (ControlSample, ControlSample.drawn_by), (LineOutcome, LineOutcome.found_by),
            (ControlAnswer, ControlAnswer.found_by), (ControlProposal, ControlProposal.proposed_by),
            (ControlWidening, ControlWidening.drawn_by), (Clarification, Clarification.asked_by),
        )
    )  # fmt: skip
    return {person for person in session.scalars(union(*kinds)) if person is not None}


def clarifications_of(session: Session, report: CostReport) -> Sequence[Clarification]:
    """Everything that was asked about a report, the newest first."""
    query = select(Clarification).options(
        selectinload(Clarification.items).joinedload(ClarificationItem.file), joinedload(Clarification.protocol_entry)
    )
    query = query.where(Clarification.report_id == report.id)
    return session.scalars(query.order_by(Clarification.number.desc())).all()


def letter_of(session: Session, report: CostReport) -> ControlLetter | None:
    """The letter with the result."""
    query = select(ControlLetter).options(joinedload(ControlLetter.file), joinedload(ControlLetter.protocol_entry))
    return session.scalars(query.where(ControlLetter.report_id == report.id)).one_or_none()
