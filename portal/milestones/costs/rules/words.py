"""The closed lists of a line of costs."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """What shows a real cost."""

    INVOICE = "invoice"
    PAYSLIP = "payslip"
    RECEIPT = "receipt"
    OTHER = "other"


class PaymentMeans(StrEnum):
    """How a cost was paid; cash leaves no trace and is never borne (`domain.md` §1.6)."""

    TRANSFER = "transfer"
    CARD = "card"
    DIRECT_DEBIT = "direct_debit"
    CHEQUE = "cheque"
    TAX_FORM = "tax_form"
    CASH = "cash"


class LineSource(StrEnum):
    """How a line came in."""

    TYPED = "typed"
    SPREADSHEET = "spreadsheet"
    FATTURAPA = "fatturapa"


class Claim(StrEnum):
    """Whether a line claims its document: written in a draft, claimed since it was sent, freed by a refusal."""

    WRITTEN = "written"
    CLAIMED = "claimed"
    FREED = "freed"


class FileRole(StrEnum):
    """What a file of a line shows."""

    DOCUMENT = "document"
    PAYMENT = "payment"


class ImportStatus(StrEnum):
    """Where the reading of a spreadsheet stands; one that is refused has changed nothing."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
