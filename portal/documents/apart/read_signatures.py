"""A process apart: `python -m portal.documents.apart.read_signatures cades|pades` reads the signatures of its input."""

import json
import sys

from portal.core.apart import work_apart
from portal.documents.apart.envelopes import envelope_signatures
from portal.documents.apart.pdf_signatures import pdf_signatures
from portal.documents.rules import SignatureKind

READERS = {SignatureKind.CADES: envelope_signatures, SignatureKind.PADES: pdf_signatures}


def answer(content: bytes) -> bytes:
    """The signatures as JSON."""
    return json.dumps([each.plain() for each in READERS[SignatureKind(sys.argv[1])](content)]).encode()


if __name__ == "__main__":
    work_apart(answer)
