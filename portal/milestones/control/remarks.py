"""What whoever controls a line should look at first: nothing of it keeps the line from being accepted. Pure."""

from collections.abc import Iterator

from portal.core.i18n import lazy_
from portal.milestones.costs.rules import DocumentKind
from portal.milestones.costs.rules.cost import Cost


def remarks_of(cost: Cost, cup: str | None) -> list[object]:
    """In words, for a cost that rests on a document."""
    return list(_remarks(cost, cup))


def _remarks(cost: Cost, cup: str | None) -> Iterator[object]:
    if cup and not cost.cup and cost.document is DocumentKind.INVOICE:
        yield lazy_("The invoice bears no CUP: where public money pays, every invoice has it (DL 13/2023, art. 5).")
    if not cost.payment_reference:
        yield lazy_("No reference of the payment (CRO, TRN) is told: look for its proof among the files.")
    if cost.paid_on and cost.document_on and cost.paid_on < cost.document_on:
        yield lazy_("It was paid before the day of the document.")
