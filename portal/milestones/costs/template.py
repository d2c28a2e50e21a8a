"""The spreadsheet to fill in: the heads of its columns in the reader's language, and rows as examples."""

from collections.abc import Iterable

from portal.calls.rules import CostForm
from portal.core.i18n import in_language
from portal.milestones.costs.labels import DOCUMENTS, FIELDS, MEANS
from portal.milestones.costs.reading.sheet import TOLD_ELSEWHERE
from portal.milestones.costs.rules import DocumentKind, PaymentMeans
from portal.milestones.costs.rules.terms import Terms


def template_heads() -> list[str]:
    """The columns, in their order."""
    return [str(words) for name, words in FIELDS.items() if name not in TOLD_ELSEWHERE]


def template_rows(terms: Terms) -> Iterable[list[object]]:
    """An example for each kind of cost that is typed: to be written over."""
    for category in terms.categories.values():
        if category.refused is None and category.form in EXAMPLES:
            told = EXAMPLES[category.form] | {"category": in_language(category.name)}
            yield [str(told.get(name, "")) for name in FIELDS if name not in TOLD_ELSEWHERE]


EXAMPLES: dict[CostForm, dict[str, object]] = {
    CostForm.REAL: {
        "description": "…", "document": DOCUMENTS[DocumentKind.INVOICE], "supplier_name": "…",
        "supplier_code": "00000000000", "document_number": "1/2026", "document_on": "31/01/2026", "net": "0,00",
        "vat": "0,00", "vat_recoverable": "no", "share": "100", "paid_on": "31/01/2026",
        "payment_means": MEANS[PaymentMeans.TRANSFER],
    },
    CostForm.UNIT_COST: {"description": "…", "quantity": "0"},
    CostForm.LUMP_SUM: {"description": "…", "milestone": "1"},
}  # fmt: skip
"""What each kind of cost asks for: an example that is left as it is has faults, and nothing is read."""
