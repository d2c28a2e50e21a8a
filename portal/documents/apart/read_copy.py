"""A process apart: `python -m portal.documents.apart.read_copy cades|pades SIZE` compares a copy with its original.

Its input is the original, which has SIZE bytes, and the copy after it.
"""

import json
import sys

from portal.core.apart import work_apart
from portal.documents.apart.copies import fit_of
from portal.documents.apart.read_signatures import READERS
from portal.documents.rules import SignatureKind


def answer(content: bytes) -> bytes:
    """How the copy fits, and its signatures, as JSON."""
    size = int(sys.argv[2])
    original, copy = content[:size], content[size:]
    signatures = [each.plain() for each in READERS[SignatureKind(sys.argv[1])](copy)]
    return json.dumps({"fit": fit_of(original, copy).value, "signatures": signatures}).encode()


if __name__ == "__main__":
    work_apart(answer)
