"""Logs for operators: one JSON object a line, and never personal data.

An error is told by its class and the places it passed, not by its message or its variables: these quote what people
wrote.
"""

import logging
import re
import sys
import traceback
from contextlib import suppress
from typing import Any

import structlog

OURS = "/portal/"
SECRET_OF_A_LINK = re.compile(r"(/|%2F)[A-Za-z0-9_-]{40,}", re.IGNORECASE)


def without_tokens(text: str) -> str:
    """The same text with … for the secret of each link: a segment of a path of forty characters or more."""
    return SECRET_OF_A_LINK.sub(r"\1…", text)


def configure_logging() -> None:
    """Structured lines on standard error; what libraries write there never tells the secret of a link."""
    logging.setLogRecordFactory(_record)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _record(*given: Any, **more: Any) -> logging.LogRecord:
    """A line of a library: frameworks and servers quote the path that was asked."""
    record = logging.LogRecord(*given, **more)
    with suppress(TypeError, ValueError, KeyError):  # a line that does not fit its values is told by its handler
        record.msg, record.args = without_tokens(record.getMessage()), ()
    return record


def told(error: BaseException) -> dict[str, Any]:
    """What a log may tell of an error: its class, that of its cause, the places of ours it passed and its origin."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames[:-1] if OURS in frame.filename]
    places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in [*ours, *frames[-1:]]]
    cause = error.__cause__ or error.__context__
    return {
        "error": type(error).__qualname__,
        "cause": type(cause).__qualname__ if cause else None,
        "places": places,
    }


def _short(path: str) -> str:
    return "/".join(path.rsplit("/", 3)[1:])
