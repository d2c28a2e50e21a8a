"""The audit trail for people: the history of an object, the auditor's list, anchors, exports that verify offline."""
