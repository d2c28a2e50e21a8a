"""A stored file as an answer, for the download route of the room that owns it.

The bytes pass through the application, also from S3: the hash is verified, the sandbox and no-store headers hold,
a right that was withdrawn is refused at once, and the bucket needs no address that browsers can reach. Files are at
most some tens of megabytes, so the price is small.
"""

from typing import Any
from urllib.parse import quote

from flask import Response

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.documents.labels import LABELS
from portal.documents.models import StoredFile
from portal.documents.operations import read_file
from portal.documents.rules import MAY_BE_SERVED, ScanState

SANDBOX = "sandbox; default-src 'none'"


class NotServed(Conflict):
    """The file waits for its scan, or a virus was found in it."""

    default = lazy_("This file is still being scanned. Try again in a minute.")


def send_stored(file: StoredFile) -> Response:
    """The file as an attachment that no browser runs. The caller has already decided that the actor may read it."""
    if file.scan_state not in MAY_BE_SERVED:
        blocked = lazy_("A virus was found in this file: it cannot be opened.")
        raise NotServed(blocked if file.scan_state is ScanState.INFECTED else None)
    response = Response(read_file(file), content_type=file.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def listed(
    file: StoredFile, *, url: str | None, remove_url: str | None = None, added: str | None = None
) -> dict[str, Any]:
    """The file as the `file_list` component shows it; no link when its scan keeps it back."""
    return {
        "name": file.name,
        "size": file.size_bytes,
        "sha256": file.sha256,
        "scan": file.scan_state.value,
        "scan_label": LABELS[file.scan_state],
        "url": url if file.scan_state in MAY_BE_SERVED else None,
        "remove_url": remove_url,
        "added": added,
    }
