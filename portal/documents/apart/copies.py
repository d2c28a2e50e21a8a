"""A signed copy beside the document that was to be signed: is it the same, and what was done to it since."""

import io
from collections.abc import Iterator

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel

from portal.documents.apart.first_form import adds_only_a_form
from portal.documents.apart.pdf_signatures import BROKEN
from portal.documents.content.refused import ContentRefused
from portal.documents.content.signed import MOST_ENVELOPES, signed_content
from portal.documents.rules import Fit

PDF, ENVELOPE = b"%PDF-", b"\x30"


def fit_of(original: bytes, copy: bytes) -> Fit:
    """Whether a copy holds the document: as it was, with signatures added, changed, or not at all.

    An original that was signed itself may stand in the copy with or without its envelopes.
    """
    wanted = list(_layers(original))
    found = list(_layers(copy))
    if any(layer in wanted for layer in found):
        return Fit.SAME
    for layer in found:
        for each in wanted:
            if each.startswith(PDF) and layer.startswith(each):
                return Fit.SIGNED if _only_signed(each, layer) else Fit.CHANGED
    return Fit.OTHER


def _layers(content: bytes) -> Iterator[bytes]:
    """The content, then what is in its envelopes, one after the other."""
    yield content
    for _ in range(MOST_ENVELOPES):
        if content.startswith(PDF):
            return
        try:
            content = signed_content(content)
        except ContentRefused:
            return
        yield content


def _only_signed(original: bytes, copy: bytes) -> bool:
    """Whether what follows the original adds signatures, and changes nothing that anybody reads."""
    try:
        before, after = (PdfFileReader(io.BytesIO(each), strict=False) for each in (original, copy))
        last = before.xrefs.total_revisions - 1
        if after.xrefs.get_startxref_for_revision(last) != before.last_startxref:
            return False
        if "/AcroForm" not in before.root and after.xrefs.total_revisions > last + 1:
            if not adds_only_a_form(after, last):
                return False
            last += 1
        change = DEFAULT_DIFF_POLICY.review_file(after, last)
    except BROKEN:
        return False
    return isinstance(change, DiffResult) and change.modification_level <= ModificationLevel.FORM_FILLING
