"""The words for what is known of a file and of its signatures."""

from portal.core.i18n import lazy_
from portal.documents.rules import Coverage, Handling, ScanState, SignatureKind, Soundness

LABELS = {
    ScanState.NOT_SCANNED: lazy_("not scanned"),
    ScanState.WAITING: lazy_("waiting to be scanned for viruses"),
    ScanState.CLEAN: lazy_("scanned: clean"),
    ScanState.INFECTED: lazy_("blocked: a virus was found"),
}
HANDLING = {
    Handling.AS_SENT: lazy_("Kept exactly as it was sent."),
    Handling.STRIPPED: lazy_("Without the data that cameras and programs write inside: author, place, program."),
    Handling.KEPT_SIGNED: lazy_(
        "Signed, so kept exactly as it was sent: taking out the data its author left inside would break the signature."
    ),
}
KINDS_OF_SIGNATURE = {
    SignatureKind.CADES: lazy_("signature around the document (CAdES, .p7m)"),
    SignatureKind.PADES: lazy_("signature inside the PDF (PAdES)"),
}
SOUNDNESS = {
    Soundness.INTACT: lazy_("intact: the document is the one that was signed"),
    Soundness.ALTERED: lazy_("not valid: the document or the signature was changed after signing"),
    Soundness.UNREADABLE: lazy_("cannot be read: it is damaged, or made in a way that the portal does not know"),
}
TONES = {Soundness.INTACT: "success", Soundness.ALTERED: "danger", Soundness.UNREADABLE: "warning"}
COVERAGE = {
    Coverage.WHOLE: lazy_("It covers the whole document."),
    Coverage.LATER_ADDED: lazy_(
        "It covers the document as it was then; later only other signatures or dates were added."
    ),
    Coverage.PARTIAL: lazy_("It does not cover everything that is read today: something was changed or added later."),
}
