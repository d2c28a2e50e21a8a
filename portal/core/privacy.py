"""Tags of personal columns: what for, for how long, and whether they may leave the house."""

from typing import Any


def personal(purpose: str, *, retention: str = "10y", export: str = "subject", special: bool = False) -> dict[str, Any]:
    """Column `info` for personal data: purpose, retention, export class, special category (GDPR art. 9)."""
    return {"personal": {"purpose": purpose, "retention": retention, "export": export, "special": special}}
