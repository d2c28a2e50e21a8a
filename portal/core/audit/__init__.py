"""The audit trail: one event row in the transaction of each change, chained per object over salted hashes."""

from portal.core.audit.anchored import verify_anchors, verify_kept
from portal.core.audit.anchors import AnchorFile, NotAnAnchor, anchor_file, extract_of, read_anchor_file
from portal.core.audit.chain import record
from portal.core.audit.erasure import ERASED, erase_values
from portal.core.audit.hashes import GENESIS
from portal.core.audit.models import AuditAnchor, AuditEvent, AuditHead, AuditVerification
from portal.core.audit.verification import Count, verify

__all__ = [
    "ERASED",
    "GENESIS",
    "AnchorFile",
    "AuditAnchor",
    "AuditEvent",
    "AuditHead",
    "AuditVerification",
    "Count",
    "NotAnAnchor",
    "anchor_file",
    "erase_values",
    "extract_of",
    "read_anchor_file",
    "record",
    "verify",
    "verify_anchors",
    "verify_kept",
]
