"""The words for what is known of a file."""

from portal.core.i18n import lazy_
from portal.documents.rules import ScanState

LABELS = {
    ScanState.NOT_SCANNED: lazy_("not scanned"),
    ScanState.WAITING: lazy_("being scanned"),
    ScanState.CLEAN: lazy_("scanned: clean"),
    ScanState.INFECTED: lazy_("blocked: a virus was found"),
}
