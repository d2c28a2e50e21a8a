"""Reading a stored file, and never handing out bytes that are not those that arrived."""

import hashlib

from portal.core.errors import Unavailable
from portal.core.i18n import lazy_
from portal.documents.models import StoredFile
from portal.documents.storage import NotStored, current_storage


class FileDamaged(Unavailable):
    """The bytes are missing, or are not those that arrived."""

    default = lazy_("This file cannot be read: its content is missing or damaged. Tell the office, naming the file.")


def read_file(file: StoredFile) -> bytes:
    """The bytes exactly as they arrived; FileDamaged when missing or different, Unavailable when out of reach."""
    try:
        content = current_storage().get(file.storage_key)
    except NotStored as error:
        raise FileDamaged from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise FileDamaged
    return content
