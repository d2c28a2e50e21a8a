"""A stored file as an answer, for the download route of the room that owns it.

The bytes pass through the application, also from S3: the hash is verified, the sandbox and no-store headers hold,
a right that was withdrawn is refused at once, and the bucket needs no address that browsers can reach. Files are at
most some tens of megabytes, so the price is small.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from flask import Response

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.documents.content import unwrapped, without_names
from portal.documents.labels import HANDLING, LABELS
from portal.documents.models import FileSignature, StoredFile
from portal.documents.reading import read_file
from portal.documents.rules import KINDS, extension_of, inner_name
from portal.documents.signatures import signed_listed

SANDBOX = "sandbox; default-src 'none'"


class NotServed(Conflict):
    """The file waits for its scan, or a virus was found in it."""

    default = lazy_("This file is still being scanned. Try again in a minute.")


def send_stored(file: StoredFile) -> Response:
    """The file as an attachment that no browser runs. The caller has already decided that the actor may read it."""
    return _attachment(_readable(file), file.name, file.media_type)


def send_unwrapped(file: StoredFile) -> Response:
    """The document inside a signed envelope, as an attachment; what is no envelope is its own document.

    Raises Conflict when it cannot be taken out.
    """
    if not is_envelope(file):
        return send_stored(file)
    found = unwrapped(_readable(file))
    if found is None:
        raise Conflict(lazy_("The document cannot be taken out of this signed file. Download the signed file itself."))
    content, kind = found
    return _attachment(content, inner_name(file.name, kind), kind.media_type)


def send_nameless(file: StoredFile, name: str) -> Response:
    """The file under another name and without whoever wrote, signed or commented it; an envelope is taken off.

    Raises Conflict where names cannot be taken out: it is not served at all.
    """
    content = _readable(file)
    if (found := without_names(content, KINDS[extension_of(file.name)])) is None:
        raise Conflict(lazy_("This file names who wrote or signed it, and is not shown while names are hidden."))
    return _attachment(found[0], name, found[1].media_type)


def is_envelope(file: StoredFile) -> bool:
    """Whether a document is wrapped in its signature (.p7m)."""
    return file.media_type == KINDS["p7m"].media_type


def _readable(file: StoredFile) -> bytes:
    if not file.may_be_served:
        blocked = lazy_("A virus was found in this file: it cannot be opened.")
        raise NotServed(blocked if file.is_blocked else None)
    return read_file(file)


def _attachment(content: bytes, name: str, media_type: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def listed(
    file: StoredFile,
    *,
    url: str | None,
    remove_url: str | None = None,
    added: str | None = None,
    about_url: str | None = None,
    signatures: Sequence[FileSignature] | None = None,
) -> dict[str, Any]:
    """The file as the `file_list` component shows it; no link when its scan keeps it back.

    `signatures` where the page has read them; `about_url` leads to all that is known of the file.
    """
    return {
        "name": file.name,
        "size": file.size_bytes,
        "sha256": file.sha256,
        "received_sha256": file.received_sha256,
        "handling": HANDLING[file.handling],
        "scan": file.scan_state.value,
        "scan_label": LABELS[file.scan_state],
        "url": url if file.may_be_served else None,
        "remove_url": remove_url,
        "added": added,
        "about_url": about_url,
    } | signed_listed(file, signatures)
