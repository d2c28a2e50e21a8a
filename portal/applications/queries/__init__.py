"""Reading applications: always through who asks. A draft is its team's alone; a stranger finds nothing."""

from portal.applications.queries.due import asks
from portal.applications.queries.inbox import Inbox, inbox_of, phase_to_apply
from portal.applications.queries.reading import (
    OpenDraft,
    RegisteredVersion,
    application_for,
    application_locked,
    application_of,
    draft_for,
    file_for,
    last_rebase,
    live_files,
    names_of,
    open_draft,
    receipt_of,
    refused_attempts,
    registered_version,
    verified_documents,
)

__all__ = [
    "Inbox",
    "OpenDraft",
    "RegisteredVersion",
    "application_for",
    "application_locked",
    "application_of",
    "asks",
    "draft_for",
    "file_for",
    "inbox_of",
    "last_rebase",
    "live_files",
    "names_of",
    "open_draft",
    "phase_to_apply",
    "receipt_of",
    "refused_attempts",
    "registered_version",
    "verified_documents",
]
