"""What a file really is: its bytes are read before its name is believed. Pure."""

from portal.documents.content.check import checked_content

__all__ = ["checked_content"]
