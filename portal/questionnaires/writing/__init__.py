"""One section of a sheet a page: what was sent of it, what its writer sees then, where a button leads.

The room that owns the sheet says who may write it, and keeps what was sent.
"""

from portal.questionnaires.writing.leading import Ways, leads_to, must_be_mended, page_asked
from portal.questionnaires.writing.said import done_in_words, focus_of, saved_parts, state_of, summary_of
from portal.questionnaires.writing.shown import OpenSheet, SectionShown
from portal.questionnaires.writing.uploads import keep_files, uploads_of

__all__ = [
    "OpenSheet",
    "SectionShown",
    "Ways",
    "done_in_words",
    "focus_of",
    "keep_files",
    "leads_to",
    "must_be_mended",
    "page_asked",
    "saved_parts",
    "state_of",
    "summary_of",
    "uploads_of",
]
