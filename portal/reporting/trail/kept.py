"""Files of anchors in the store."""

from portal.documents.storage import NotStored, current_storage


def stored(key: str) -> bytes | None:
    """The bytes of an anchor's file, or None when they are gone."""
    try:
        return current_storage().get(key)
    except NotStored:
        return None
