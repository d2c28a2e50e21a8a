"""Reading lines of costs: a page of them, one, all of them in a lean form; what stands in the way of each."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import Session, aliased, selectinload

from portal.core.errors import NotFound
from portal.milestones.costs.models import CostLine, CostLineFile, CostReport
from portal.milestones.costs.rules import Claim
from portal.milestones.costs.rules.cost import Cost

PAGE = 50
TOLD = (
    "category", "description", "document", "supplier_name", "supplier_code", "document_number", "document_on",
    "net_cents", "vat_cents", "vat_recoverable", "share_bp", "cup", "paid_on", "payment_means", "payment_reference",
    "quantity_hundredths", "milestone_id", "source",
)  # fmt: skip
"""What is told of a cost: the same names in a line and in `Cost`."""


def cost_of(line: CostLine) -> Cost:
    """What a line tells."""
    return Cost(**{name: getattr(line, name) for name in TOLD})


def line_of(session: Session, report: CostReport, line_id: UUID) -> CostLine:
    """A line of this report with its files; NotFound otherwise."""
    query = select(CostLine).options(selectinload(CostLine.files).joinedload(CostLineFile.file))
    line = session.scalars(query.where(CostLine.id == line_id, CostLine.report_id == report.id)).one_or_none()
    if line is None:
        raise NotFound
    return line


def page_of_lines(
    session: Session, report_id: UUID, *, after: int = 0, category: str | None = None
) -> tuple[Sequence[CostLine], int | None]:
    """Lines by number, one page of them, of one category or of all; the number after which the next page begins."""
    query = select(CostLine).options(selectinload(CostLine.files)).where(CostLine.report_id == report_id)
    if category is not None:
        query = query.where(CostLine.category == category)
    found = session.scalars(query.where(CostLine.number > after).order_by(CostLine.number).limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None


def every_cost(session: Session, report_id: UUID) -> Iterator[tuple[UUID, int, str | None, int, bool, Cost]]:
    """All lines of a report by number: id, number, fingerprint, charged cents, whether a file is attached, the cost."""
    has_file = exists(select(CostLineFile.id).where(CostLineFile.line_id == CostLine.id))
    query = (
        select(CostLine.id, CostLine.number, CostLine.fingerprint, CostLine.charged_cents, has_file,
               *(getattr(CostLine, name) for name in TOLD))
        .where(CostLine.report_id == report_id).order_by(CostLine.number)
    )  # fmt: skip
    for row in session.execute(query):
        yield row[0], row[1], row[2], row[3], bool(row[4]), Cost(**dict(zip(TOLD, row[5:], strict=True)))


def first_of_document(session: Session, grant_id: UUID, fingerprints: Iterable[str]) -> dict[str, UUID]:
    """The first line of each of these documents in a grant."""
    query = select(CostLine.fingerprint, CostLine.id).where(
        CostLine.grant_id == grant_id, CostLine.part_of_id.is_(None), CostLine.claim != Claim.FREED,
        CostLine.fingerprint.in_(set(fingerprints)),
    )  # fmt: skip
    return {str(fingerprint): line_id for fingerprint, line_id in session.execute(query)}


def overcharged(session: Session, grant_id: UUID, report_id: UUID | None = None) -> dict[str, int]:
    """Documents of which the lines of a grant charge more than they come to, with the cents beyond, by fingerprint.

    Where they tell one document in two ways (VAT recovered or not, net and VAT parted otherwise) the least counts.
    """
    bearable = func.min(func.coalesce(CostLine.gross_cents, 0) - _recovered())
    charged = func.sum(CostLine.charged_cents)
    query = (
        select(CostLine.fingerprint, charged - bearable)
        .where(CostLine.grant_id == grant_id, CostLine.fingerprint.is_not(None), CostLine.claim != Claim.FREED)
        .group_by(CostLine.fingerprint).having(func.count() > 1, charged > bearable)
    )  # fmt: skip
    if report_id is not None:
        query = query.having(func.sum(_one_if(CostLine.report_id == report_id)) > 0)
    return {str(fingerprint): int(cents) for fingerprint, cents in session.execute(query)}


def claimed_elsewhere(session: Session, report: CostReport, fingerprints: Iterable[str] | None = None) -> set[str]:
    """Documents of this report that another grant has claimed: which one is nobody's business."""
    other = aliased(CostLine)
    query: Select[str | None] = (
        select(CostLine.fingerprint)
        .join(other, (other.fingerprint == CostLine.fingerprint) & (other.grant_id != CostLine.grant_id))
        .where(CostLine.report_id == report.id, other.claim == Claim.CLAIMED)
    )
    if fingerprints is not None:
        query = query.where(CostLine.fingerprint.in_(set(fingerprints)))
    return {str(each) for each in session.scalars(query)}


def _recovered() -> ColumnElement[int]:
    return func.coalesce(CostLine.vat_cents, 0) * _one_if(CostLine.vat_recoverable.is_(True))


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
