"""Words for cost reports and their lines."""

from portal.calls.rules import CostForm
from portal.core.i18n import lazy_
from portal.milestones.costs.rules import (
    CostReportStatus,
    DocumentKind,
    FileRole,
    ImportStatus,
    LineSource,
    PaymentMeans,
)

LABELS = {
    CostReportStatus.DRAFT: lazy_("being written"),
    CostReportStatus.SUBMITTED: lazy_("sent, to be controlled"),
    CostReportStatus.CLARIFYING: lazy_("the office asks something"),
    CostReportStatus.RETURNED: lazy_("returned to be mended"),
    CostReportStatus.APPROVED: lazy_("approved"),
}
TONES = {
    CostReportStatus.DRAFT: "neutral",
    CostReportStatus.SUBMITTED: "progress",
    CostReportStatus.CLARIFYING: "warning",
    CostReportStatus.RETURNED: "warning",
    CostReportStatus.APPROVED: "success",
}
FORMS = {
    CostForm.REAL: lazy_("by documents"),
    CostForm.UNIT_COST: lazy_("unit cost"),
    CostForm.LUMP_SUM: lazy_("lump sum"),
    CostForm.FLAT_RATE: lazy_("flat rate, computed"),
}
DOCUMENTS = {
    DocumentKind.INVOICE: lazy_("invoice"),
    DocumentKind.PAYSLIP: lazy_("payslip"),
    DocumentKind.RECEIPT: lazy_("receipt"),
    DocumentKind.OTHER: lazy_("other document"),
}
MEANS = {
    PaymentMeans.TRANSFER: lazy_("bank transfer"),
    PaymentMeans.CARD: lazy_("card"),
    PaymentMeans.DIRECT_DEBIT: lazy_("direct debit"),
    PaymentMeans.CHEQUE: lazy_("cheque"),
    PaymentMeans.TAX_FORM: lazy_("tax form F24"),
    PaymentMeans.CASH: lazy_("cash"),
}
SOURCES = {
    LineSource.TYPED: lazy_("typed"),
    LineSource.SPREADSHEET: lazy_("from a spreadsheet"),
    LineSource.FATTURAPA: lazy_("from an electronic invoice"),
}
ROLES = {FileRole.DOCUMENT: lazy_("document"), FileRole.PAYMENT: lazy_("payment")}
IMPORTS = {
    ImportStatus.WAITING: lazy_("being read"),
    ImportStatus.DONE: lazy_("read whole"),
    ImportStatus.REFUSED: lazy_("not read: nothing was changed"),
}
FIELDS = {
    "category": lazy_("Kind of cost"),
    "description": lazy_("Description"),
    "document": lazy_("Document"),
    "supplier_name": lazy_("Supplier"),
    "supplier_code": lazy_("Tax code of the supplier"),
    "document_number": lazy_("Document number"),
    "document_on": lazy_("Document date"),
    "net": lazy_("Net amount"),
    "vat": lazy_("VAT"),
    "vat_recoverable": lazy_("VAT recovered"),
    "share": lazy_("Share charged (per cent)"),
    "cup": lazy_("CUP"),
    "paid_on": lazy_("Payment date"),
    "payment_means": lazy_("Means of payment"),
    "payment_reference": lazy_("Payment reference"),
    "quantity": lazy_("Quantity"),
    "milestone": lazy_("Milestone number"),
    "files": lazy_("Files"),
}
"""Fields of a line, in the order of the template; also the heads of a spreadsheet, in either language."""
EVENTS = {
    "cost.start": lazy_("Cost report begun"),
    "cost.period": lazy_("Period of a cost report changed"),
    "cost.line_add": lazy_("Line of costs written"),
    "cost.line_change": lazy_("Line of costs changed"),
    "cost.line_remove": lazy_("Line of costs taken out"),
    "cost.file_remove": lazy_("File of a cost taken away"),
    "cost.answer_file_add": lazy_("File added to the technical part of a report"),
    "cost.answer_file_remove": lazy_("File taken out of the technical part of a report"),
    "cost.read_invoices": lazy_("Electronic invoices read into a report"),
    "cost.import_ask": lazy_("Spreadsheet of costs handed in"),
    "cost.import_end": lazy_("Spreadsheet of costs read"),
    "cost.send": lazy_("Cost report sent"),
    "cost.withdraw": lazy_("Cost report taken back"),
    "cost.rewrite": lazy_("Cost report taken up again after its return"),
}
"""What happens to cost reports, for the trail."""
