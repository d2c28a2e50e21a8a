"""What is asked of a cost that rests on a document: the document itself, its day, its CUP, and its payment. Pure."""

from collections.abc import Iterator

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.instants import Day
from portal.milestones.costs.rules.cost import Cost
from portal.milestones.costs.rules.documents import plain_code, valid_supplier_code
from portal.milestones.costs.rules.terms import Terms
from portal.milestones.costs.rules.words import DocumentKind, PaymentMeans

Faults = Iterator[tuple[str, object]]
HIGHEST_VAT = 30
"""Per cent: no country of the Union has a higher rate (27)."""


def document_faults(cost: Cost, terms: Terms) -> Faults:
    """Whose document it is, which one, of when, of how much, and for which project."""
    if cost.document is None:
        yield "document", lazy_("Say what shows this cost: an invoice, a payslip, a receipt.")
    if not cost.supplier_name:
        yield "supplier_name", lazy_("Write who was paid, as on the document.")
    yield from _supplier_code(cost, terms)
    if not cost.document_number:
        yield "document_number", lazy_("Write the number of the document; of a payslip, its month (2026-03).")
    yield from _amounts(cost)
    yield from _day(cost, terms)
    yield from _cup(cost, terms)


def _supplier_code(cost: Cost, terms: Terms) -> Faults:
    if not cost.supplier_code:
        yield "supplier_code", lazy_("Write the tax code of who was paid: it stands on the document.")
        return
    if plain_code(cost.supplier_code) in terms.own_codes:
        yield (
            "supplier_code",
            lazy_("This is your own tax code: write that of whoever was paid."),
        )
        return
    try:
        valid_supplier_code(cost.supplier_code)
    except Invalid as refused:
        yield "supplier_code", refused.message


def _amounts(cost: Cost) -> Faults:
    if cost.net_cents is None:
        yield "net", lazy_("Write the amount of the document without VAT.")
    elif cost.bearable_cents <= 0:
        yield "net", lazy_("An amount above zero can be charged: look again at net and VAT.")
    elif cost.bearable_cents * cost.share_bp < 10_000:
        yield "share", lazy_("This share comes to less than a cent: raise it, or take the line out.")
    if (cost.vat_cents or 0) * 100 > (cost.net_cents or 0) * HIGHEST_VAT:
        yield "vat", lazy_("This is more than any rate of VAT: look again at net and VAT on the document.")


def _day(cost: Cost, terms: Terms) -> Faults:
    day = cost.document_on
    if day is None:
        yield "document_on", lazy_("Write the day of the document.")
    elif terms.borne_from and day < terms.borne_from:
        yield "document_on", lazy_("Costs are borne from %(day)s: this document is older. Take the line out.",
                                   day=Day(terms.borne_from))  # fmt: skip
    elif terms.borne_until and day > terms.borne_until:
        yield "document_on", lazy_("Costs are borne until %(day)s: this document is later. Take the line out.",
                                   day=Day(terms.borne_until))  # fmt: skip
    elif day > terms.until_on:
        yield "document_on", lazy_(
            "The document is dated after %(day)s, the last day of this report: correct the day, or leave it to another"
            " report.", day=Day(terms.until_on),
        )  # fmt: skip


def _cup(cost: Cost, terms: Terms) -> Faults:
    if cost.document is not DocumentKind.INVOICE or terms.cup is None:
        return
    if cost.cup and cost.cup != terms.cup:
        yield "cup", lazy_(
            "The invoice bears the CUP %(other)s, this grant has %(cup)s: the invoice is of another project. Ask the"
            " supplier for a corrected one, or take the line out.", other=cost.cup, cup=terms.cup,
        )  # fmt: skip
    elif not cost.cup and terms.rules.cup_required:
        yield "cup", lazy_("Every invoice of this call bears the CUP: write it as it stands there (%(cup)s).",
                           cup=terms.cup)  # fmt: skip


def payment_faults(cost: Cost, terms: Terms) -> Faults:
    """When and how it was paid: within the report's period, and so that it leaves a trace."""
    if cost.payment_means is None:
        yield "payment_means", lazy_("Say how it was paid.")
    elif cost.payment_means is PaymentMeans.CASH:
        yield "payment_means", lazy_("Costs paid in cash are never borne: they leave no trace. Take the line out.")
    if cost.paid_on is None:
        yield "paid_on", lazy_("Write the day of the payment: costs are reported once they are paid.")
    elif not terms.from_on <= cost.paid_on <= terms.until_on:
        yield "paid_on", lazy_(
            "Paid on %(day)s, outside the period of this report (%(from_on)s – %(until_on)s): change the period, or"
            " leave it to another report.",
            day=Day(cost.paid_on), from_on=Day(terms.from_on), until_on=Day(terms.until_on),
        )  # fmt: skip
    elif terms.paid_until and cost.paid_on > terms.paid_until:
        yield "paid_on", lazy_("Costs are paid until %(day)s at the latest.", day=Day(terms.paid_until))
