"""Personal data: tags of columns, and what follows from them (register, copies, erasure, retention)."""

from portal.core.privacy.purposes import PURPOSES, Purpose
from portal.core.privacy.tags import (
    ERASED,
    NOBODY,
    Because,
    Personal,
    address,
    address_hash,
    holding,
    impersonal,
    kept,
    personal,
    replaced,
    written_key,
)
from portal.core.privacy.terms import FOREVER, Term

__all__ = [
    "ERASED",
    "FOREVER",
    "NOBODY",
    "PURPOSES",
    "Because",
    "Personal",
    "Purpose",
    "Term",
    "address",
    "address_hash",
    "holding",
    "impersonal",
    "kept",
    "personal",
    "replaced",
    "written_key",
]
