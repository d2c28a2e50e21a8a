"""What a file really is: its bytes are read before its name is believed. Never sees the database."""

from portal.documents.content.check import Kept, checked_content, unwrapped

__all__ = ["Kept", "checked_content", "unwrapped"]
