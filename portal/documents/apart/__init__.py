"""What strangers' files need a large library for is done apart: in a process of its own, with little time and memory.

A file that brings the library down takes nothing else with it, and the web process never loads the library.
"""

from portal.core.apart import NotDone
from portal.documents.apart.calling import copy_seen, nameless_pdf, signatures_in, stripped_pdf
from portal.documents.apart.seen import CopySeen, SignatureSeen

__all__ = ["CopySeen", "NotDone", "SignatureSeen", "copy_seen", "nameless_pdf", "signatures_in", "stripped_pdf"]
