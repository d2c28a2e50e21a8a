"""The signatures of a file as `signature_list` and `signature_verdicts` show them (documents/_signatures.html)."""

from collections.abc import Sequence
from typing import Any

from portal.documents.labels import COVERAGE, KINDS_OF_SIGNATURE, SOUNDNESS, TONES
from portal.documents.models import FileSignature, StoredFile


def signed_listed(file: StoredFile, signatures: Sequence[FileSignature] | None) -> dict[str, Any]:
    """Its signatures, and whether they are still to be read; None where the page has not looked for them."""
    return {
        "is_being_read": signatures is not None and file.is_signed and file.signatures_read_at is None,
        "signatures": [signature_listed(each) for each in signatures or ()],
    }


def signature_listed(row: FileSignature) -> dict[str, Any]:
    """A signature in words."""
    return {
        "row": row,
        "kind": KINDS_OF_SIGNATURE[row.kind],
        "soundness": SOUNDNESS[row.soundness],
        "tone": TONES[row.soundness],
        "coverage": COVERAGE[row.coverage],
    }
