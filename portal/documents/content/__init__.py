"""What a file really is: its bytes are read before its name is believed. Never sees the database."""

from portal.documents.content.check import Kept, checked_content, unwrapped
from portal.documents.content.nameless import without_names

__all__ = ["Kept", "checked_content", "unwrapped", "without_names"]
