"""Calling the process apart: bytes in, bytes out, within limits."""

import json
import subprocess
import sys

from portal.documents.apart.seen import SignatureSeen
from portal.documents.rules import SignatureKind

LONGEST_SECONDS = 60


class NotDone(Exception):
    """The process apart gave up, was ended by its limits, or answered nonsense: the file is not what it seems."""


def signatures_in(content: bytes, kind: SignatureKind) -> list[SignatureSeen]:
    """Every signature of a file, in the order in which they stand. Raises NotDone."""
    answer = _call(content, "read_signatures", kind.value)
    try:
        return [SignatureSeen.read(each) for each in json.loads(answer)]
    except (ValueError, KeyError, TypeError) as error:
        raise NotDone from error


def stripped_pdf(content: bytes) -> bytes:
    """The PDF without the data its author left in it. Raises NotDone."""
    return _call(content, "strip_pdf")


def _call(content: bytes, module: str, *words: str) -> bytes:
    command = [sys.executable, "-I", "-m", f"portal.documents.apart.{module}", *words]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, and nothing of our environment
            command, input=content, capture_output=True, timeout=LONGEST_SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise NotDone(module) from error
    if done.returncode != 0:
        raise NotDone(done.stderr.decode(errors="replace").strip()[-500:] or f"{module}: ended by {done.returncode}")
    return done.stdout
