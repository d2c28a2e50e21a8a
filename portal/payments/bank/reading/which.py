"""Which of the bank's files it is: told by its content, never by its name."""

from portal.core.i18n import lazy_
from portal.payments.bank.reading.camt054 import read_notification
from portal.payments.bank.reading.mandates import read_mandates
from portal.payments.bank.reading.nodes import name_of, parsed
from portal.payments.bank.reading.pain002 import read_status_report
from portal.payments.bank.reading.refused import Unreadable
from portal.payments.bank.rules import LARGEST_FILE, MOST_MESSAGES
from portal.payments.bank.told import BankReading

BOM = b"\xef\xbb\xbf"
READERS = {"CstmrPmtStsRpt": read_status_report, "BkToCstmrDbtCdtNtfctn": read_notification}
"""By the element that stands in the document, in whatever version of the message."""


def read_bank_file(content: bytes) -> BankReading:
    """What the file says. Raises Unreadable, with the mend; nothing is taken of a file that is not read whole."""
    if len(content) > LARGEST_FILE:
        raise Unreadable(lazy_("The file is larger than 5 MB: ask the bank for a shorter period."))
    if not content.removeprefix(BOM).strip():
        raise Unreadable(lazy_("The file is empty. Check it and choose it again."))
    reading = _xml(content) if content.removeprefix(BOM).lstrip().startswith(b"<") else read_mandates(content)
    if not reading.told:
        raise Unreadable(lazy_("The file says nothing of any payment."))
    if len(reading.told) > MOST_MESSAGES:
        raise Unreadable(lazy_("The file speaks of more than 10 000 payments: ask the bank for a shorter period."))
    return reading


def _xml(content: bytes) -> BankReading:
    root = parsed(content)
    for node in [root, *root]:
        if read := READERS.get(name_of(node)):
            return read(node)
    raise Unreadable(
        lazy_("This XML is neither a status report (pain.002) nor a notification of movements (camt.054).")
    )
