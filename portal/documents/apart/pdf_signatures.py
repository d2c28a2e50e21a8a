"""The signatures inside a PDF (PAdES): intact or not, and how much of the document stands under each."""

import io
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from portal.documents.apart.cms import UNREADABLE, facts_of_signer
from portal.documents.apart.seen import SignatureSeen
from portal.documents.rules import Coverage, SignatureKind, Soundness

BROKEN = (*UNREADABLE, PdfError, RecursionError, AttributeError, IndexError, AssertionError)


def pdf_signatures(content: bytes) -> list[SignatureSeen]:
    """One line for each signature; time stamps of the whole document are no signatures of anybody."""
    try:
        embedded = PdfFileReader(io.BytesIO(content), strict=False).embedded_regular_signatures
    except BROKEN:
        return [SignatureSeen(SignatureKind.PADES, Soundness.UNREADABLE, Coverage.PARTIAL)]
    return [_seen(each) for each in embedded]


def _seen(embedded: EmbeddedPdfSignature) -> SignatureSeen:
    try:
        embedded.compute_integrity_info()  # type: ignore[no-untyped-call]
        facts = facts_of_signer(embedded.signed_data, embedded.signer_info, embedded.compute_digest(), "data")
        if facts.get("claimed_at") is None and facts["soundness"] is not Soundness.UNREADABLE:
            facts["claimed_at"] = embedded.self_reported_timestamp
        coverage = _coverage(embedded.summarise_integrity_info())
        return SignatureSeen(SignatureKind.PADES, coverage=coverage, **facts)
    except BROKEN:
        return SignatureSeen(SignatureKind.PADES, Soundness.UNREADABLE, Coverage.PARTIAL)


def _coverage(said: dict[str, Any]) -> Coverage:
    if said["coverage"] is SignatureCoverageLevel.ENTIRE_FILE:
        return Coverage.WHOLE
    later = said["diff_result"]
    is_allowed = isinstance(later, DiffResult) and later.modification_level <= ModificationLevel.FORM_FILLING
    return Coverage.LATER_ADDED if is_allowed and said["docmdp_ok"] else Coverage.PARTIAL
