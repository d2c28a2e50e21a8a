"""Documents of a report that resemble one claimed elsewhere: perhaps the same, told otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, extract, select, union
from sqlalchemy.orm import Session, aliased

from portal.grants.models import Grant
from portal.milestones.costs.models import CostLine, CostReport
from portal.milestones.costs.rules import Claim


@dataclass(frozen=True, slots=True)
class Alike:
    """Another line: where it stands, and its document. Of another authority nothing but that there is one."""

    report_id: UUID | None
    reference: str
    number: int
    document_number: str
    document_on: date | None
    gross_cents: int | None


def alike_of(session: Session, report: CostReport, number: int | None = None) -> Mapping[int, Sequence[Alike]]:
    """By number of line: lines that claim a document of the same supplier, number and year, or of the same number, day
    and amount, and that is not the same to the letter. What is the same is refused when it is sent. `number`: of one.
    """
    line, other = aliased(CostLine, name="mine"), aliased(CostLine, name="theirs")
    one_supplier = and_(
        other.supplier_code == line.supplier_code, other.plain_number == line.plain_number,
        extract("year", other.document_on) == extract("year", line.document_on),
    )  # fmt: skip
    one_amount = and_(
        other.document_on == line.document_on, other.gross_cents == line.gross_cents,
        other.plain_number == line.plain_number,
    )  # fmt: skip
    if number is not None:
        one_supplier, one_amount = one_supplier & (line.number == number), one_amount & (line.number == number)
    found: dict[int, list[Alike]] = {}
    for row in session.execute(union(*(_pairs(line, other, each, report) for each in (one_supplier, one_amount)))):
        mine, authority_id, report_id, reference, their_number, document, day, gross = row
        alike = Alike(report_id, reference, their_number, document, day, gross)
        known = authority_id == report.authority_id
        found.setdefault(mine, []).append(alike if known else Alike(None, "", 0, "", None, None))
    return found


def _pairs(line: Any, other: Any, alike: ColumnElement[bool], report: CostReport) -> Select[Any]:
    return (
        select(line.number.label("mine"), Grant.authority_id, other.report_id, Grant.reference, other.number,
               other.document_number, other.document_on, other.gross_cents)
        .join(other, alike).join(Grant, Grant.id == other.grant_id)
        .where(line.report_id == report.id, line.plain_number != "", other.claim == Claim.CLAIMED,
               other.fingerprint != line.fingerprint)
    )  # fmt: skip
