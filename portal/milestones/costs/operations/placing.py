"""Putting costs into lines: number, amount, document. One document has one first line in a grant, others are parts."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.calls.rules import CostForm
from portal.core.db import new_id
from portal.milestones.costs.models import CostLine, CostReport
from portal.milestones.costs.queries.lines import TOLD, first_of_document
from portal.milestones.costs.rules import Claim
from portal.milestones.costs.rules.cost import Cost
from portal.milestones.costs.rules.documents import plain_number
from portal.milestones.costs.rules.terms import Terms


def next_number(session: Session, *, report_id: UUID) -> int:
    """The number of the next line."""
    return (session.scalar(select(func.max(CostLine.number)).where(CostLine.report_id == report_id)) or 0) + 1


def values_of(*, cost: Cost, terms: Terms) -> dict[str, Any]:
    """The columns that follow from what is told."""
    form = terms.form_of(cost)
    kept = {name: getattr(cost, name) for name in TOLD}
    if form is not CostForm.REAL:
        kept |= dict.fromkeys(("document", "document_on", "net_cents", "vat_cents", "paid_on", "payment_means"))
    return kept | {
        "form": form, "gross_cents": cost.gross_cents if form is CostForm.REAL else None,
        "charged_cents": terms.charged(cost), "fingerprint": cost.fingerprint if form is CostForm.REAL else None,
        "vat_cents": (cost.vat_cents or 0) if form is CostForm.REAL else None,
        "plain_number": plain_number(cost.document_number) if form is CostForm.REAL else None,
    }  # fmt: skip


def rows_of(session: Session, *, report: CostReport, costs: Sequence[Cost], terms: Terms) -> Iterator[dict[str, Any]]:
    """A row for each cost, ready to be inserted in this order: the first line of a document before its parts."""
    values = [values_of(cost=cost, terms=terms) for cost in costs]
    first = first_of_document(session, report.grant_id, [each["fingerprint"] for each in values if each["fingerprint"]])
    number = next_number(session, report_id=report.id)
    for place, row in enumerate(values):
        line_id, mark = new_id(), row["fingerprint"]
        part_of = first.get(mark) if mark else None
        if mark and part_of is None:
            first[mark] = line_id
        yield row | {
            "id": line_id, "report_id": report.id, "grant_id": report.grant_id, "number": number + place,
            "part_of_id": part_of, "claim": Claim.WRITTEN, "accepted_cents": None,
        }  # fmt: skip


def leave_document(session: Session, *, line: CostLine) -> None:
    """Take the first line of a document off it: the next part becomes the first one."""
    query = select(CostLine).where(CostLine.part_of_id == line.id).order_by(CostLine.number)
    parts = session.scalars(query).all() if line.fingerprint and line.part_of_id is None else []
    if not parts:
        return
    line.claim = Claim.FREED
    session.flush()
    heir = parts[0]
    heir.part_of_id = None
    session.flush()
    for each in parts[1:]:
        each.part_of_id = heir.id
    session.flush()
