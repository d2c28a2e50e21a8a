"""What a file really is: its bytes are read before its name is believed. Never sees the database."""

from portal.documents.content.check import Kept, checked_content, innermost, unwrapped
from portal.documents.content.nameless import without_names
from portal.documents.content.refused import ContentRefused

__all__ = ["ContentRefused", "Kept", "checked_content", "innermost", "unwrapped", "without_names"]
