"""Calling the process apart: bytes in, bytes out, within limits."""

import json

from portal.core.apart import NotDone, call_apart
from portal.documents.apart.seen import CopySeen, SignatureSeen
from portal.documents.rules import Fit, SignatureKind

HERE = "portal.documents.apart"


def signatures_in(content: bytes, kind: SignatureKind) -> list[SignatureSeen]:
    """Every signature of a file, in the order in which they stand. Raises NotDone."""
    answer = call_apart(f"{HERE}.read_signatures", content, kind.value)
    try:
        return [SignatureSeen.read(each) for each in json.loads(answer)]
    except (ValueError, KeyError, TypeError) as error:
        raise NotDone from error


def copy_seen(original: bytes, copy: bytes, kind: SignatureKind) -> CopySeen:
    """How a signed copy fits its original, with its signatures. Raises NotDone."""
    answer = call_apart(f"{HERE}.read_copy", original + copy, kind.value, str(len(original)))
    try:
        found = json.loads(answer)
        return CopySeen(Fit(found["fit"]), tuple(SignatureSeen.read(each) for each in found["signatures"]))
    except (ValueError, KeyError, TypeError) as error:
        raise NotDone from error


def stripped_pdf(content: bytes) -> bytes:
    """The PDF without the data its author left in it. Raises NotDone."""
    return call_apart(f"{HERE}.strip_pdf", content)


def nameless_pdf(content: bytes) -> bytes:
    """The PDF without whoever wrote or commented it. Raises NotDone."""
    return call_apart(f"{HERE}.hide_names", content)
