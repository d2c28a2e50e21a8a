"""One cost as somebody tells it, wherever it was typed, and what follows from it. Pure, in cents."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.core.money import WHOLE
from portal.milestones.costs.rules.documents import fingerprint
from portal.milestones.costs.rules.words import DocumentKind, LineSource, PaymentMeans

HUNDREDTHS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What is told of a cost; how it is counted follows from its category."""

    category: str
    description: str = ""
    document: DocumentKind | None = None
    supplier_name: str = ""
    supplier_code: str = ""
    document_number: str = ""
    document_on: date | None = None
    net_cents: int | None = None
    vat_cents: int | None = None
    vat_recoverable: bool = False
    share_bp: int = WHOLE
    cup: str | None = None
    paid_on: date | None = None
    payment_means: PaymentMeans | None = None
    payment_reference: str = ""
    quantity_hundredths: int | None = None
    milestone_id: UUID | None = None
    source: LineSource = LineSource.TYPED

    @property
    def gross_cents(self) -> int | None:
        """Net and VAT; None until the net is known."""
        return None if self.net_cents is None else self.net_cents + (self.vat_cents or 0)

    @property
    def bearable_cents(self) -> int:
        """What of the document can be charged at most: VAT that the recipient recovers is no cost (§1.6)."""
        return (self.net_cents if self.vat_recoverable else self.gross_cents) or 0

    @property
    def fingerprint(self) -> str | None:
        """What names its document; None until supplier, number, day and amount are known."""
        gross = self.gross_cents
        if not self.supplier_code or not self.document_number or self.document_on is None or gross is None:
            return None
        return fingerprint(self.supplier_code, self.document_number, self.document_on, gross)


def share_of_document(cost: Cost) -> int:
    """What is charged of a document: rounded down, so that its parts never come to more than the whole (§4.3)."""
    return cost.bearable_cents * cost.share_bp // WHOLE


def for_units(quantity_hundredths: int, amount_cents: int) -> int:
    """So many units at so much each: rounded down to the cent."""
    return quantity_hundredths * amount_cents // HUNDREDTHS
