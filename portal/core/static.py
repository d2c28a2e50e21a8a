"""Fingerprinted assets: their address and their integrity, read once from the manifest of `make assets`."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "static"
PREFIX = "/static/"


@cache
def manifest() -> dict[str, dict[str, Any]]:
    """What portal/static holds, by the name templates use."""
    content = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    files: dict[str, dict[str, Any]] = content["files"]
    return files


def asset(name: str) -> str:
    """The address of an asset, with its fingerprint; raises KeyError for a name nobody built."""
    return PREFIX + str(manifest()[name]["path"])


def integrity(name: str) -> str:
    """The `integrity` value of an asset (sha384), for script and link elements."""
    return str(manifest()[name]["integrity"])
