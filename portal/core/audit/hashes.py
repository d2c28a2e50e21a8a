"""What the chain is made of: canonical JSON and three hashes.

`actor_hash = sha256(actor_salt ‖ canonical(actor name))`, `values_hash = sha256(salt ‖ canonical(before, after,
reason))` and `hash = sha256(previous_hash ‖ canonical(everything else))`; canonical is JSON with sorted keys and no
spaces. `docs/verify_trail.py` computes the same from an exported file.
"""

import hashlib
import json
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from portal.core.text import storable

GENESIS = "0" * 64
"""What the first event of an object points to."""


def actor_hash(row: Any) -> str:
    """The salted commitment to the name of who acted, which may be erased."""
    return _sha256(row.actor_salt, {"actor_name": row.actor_name})


def values_hash(row: Any) -> str:
    """The salted commitment to the values that may be erased."""
    return _sha256(row.salt, {"after": row.after, "before": row.before, "reason": row.reason})


def event_hash(row: Any) -> str:
    """The link of the chain."""
    return _sha256(row.previous_hash, fixed_part(row))


def fixed_part(row: Any) -> dict[str, Any]:
    """What is hashed openly, as plain JSON: all but the values, the salts and the place in the chain."""
    return {
        "subject_type": row.subject_type,
        "subject_id": str(row.subject_id),
        "sequence": row.sequence,
        "at": instant_text(row.at),
        "authority_id": row.authority_id and str(row.authority_id),
        "actor_id": row.actor_id and str(row.actor_id),
        "actor_roles": row.actor_roles,
        "event": row.event,
        "request_id": row.request_id,
        "actor_hash": row.actor_hash,
        "values_hash": row.values_hash,
    }


def _sha256(first: str, document: object) -> str:
    return hashlib.sha256((first + canonical(document)).encode()).hexdigest()


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(document: object) -> str:
    """Plain JSON with sorted keys and no spaces."""
    return _ENCODER.encode(document)


def instant_text(instant: datetime) -> str:
    """An instant in UTC with microseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain_document(value: object) -> dict[str, Any] | None:
    """Values to record as a JSON object; a single one is put under "value"."""
    if value is None:
        return None
    made = plain(value)
    return made if isinstance(made, dict) else {"value": made}


def plain(value: object) -> Any:
    """Any value as JSON holds it: enumerations by value, instants in UTC, what else is known as text."""
    if isinstance(value, dict):
        return {storable(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=canonical)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return storable(value)
    return value if value is None or isinstance(value, bool | int) else storable(str(value))
