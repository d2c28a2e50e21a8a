"""Reading the texts of the demonstration."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from portal.calls.callfile import read_call_file
from portal.calls.rules import CallDesign

CONTENT = Path(__file__).parent / "content"
CALLS = Path(__file__).parent.parent.parent / "calls"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C, which takes a tenth of the time, where PyYAML was built with it."""
Row = dict[str, Any]


def _read(name: str) -> Any:
    return yaml.load((CONTENT / name).read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506


@cache
def organisations() -> dict[str, Row]:
    """Applicants by key."""
    return {row["key"]: row for row in _read("organisations.yaml")}


@cache
def staff() -> list[Row]:
    """Staff of the three cities."""
    rows: list[Row] = _read("people.yaml")
    return rows


@cache
def proposals(call: str) -> list[Row]:
    """The proposals for one call, in the order of the files."""
    files = sorted(path.name for path in CONTENT.glob("proposals-*.yaml"))
    return [row for name in files for row in _read(name) if row["call"] == call]


@cache
def library() -> Row:
    """Clauses and drafts of statutes."""
    found: Row = _read("library.yaml")
    return found


@cache
def work() -> Row:
    """Notes, reports and reasons of the work after an award."""
    found: Row = _read("coaching.yaml")
    return found


def design(slug: str) -> CallDesign:
    """A call as it is shipped."""
    return read_call_file((CALLS / f"{slug}.yaml").read_text(encoding="utf-8"))


def steady(key: str, below: int) -> int:
    """A number from 0 to `below` - 1 that is always the same for a key: variety without chance."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % below
