"""The audit trail: one event row in the transaction of each change, chained per object over salted hashes."""

from portal.core.audit.chain import record
from portal.core.audit.models import AuditEvent, AuditHead
from portal.core.audit.verification import verify

__all__ = ["AuditEvent", "AuditHead", "record", "verify"]
