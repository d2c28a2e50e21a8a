"""Asking another server: only an address that was judged before, no redirect followed, within a time and a size.

The proxy named in the environment is used, as everywhere on the machine.
"""

import json
import time
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

LARGEST_ANSWER = 512 * 1024
CHUNK = 64 * 1024
LONGEST_SILENCE = 4.0
"""Seconds without a byte after which a server counts as down."""


class NoAnswer(Exception):
    """The server did not answer, not in time, too much, or sends elsewhere."""


class Answer:
    """What a server said: its status and its body."""

    def __init__(self, status_code: int, body: bytes) -> None:
        self.status_code = status_code
        self.body = body

    def json(self) -> Any:
        """The body, read as JSON. Raises ValueError."""
        return json.loads(self.body)

    def raise_for_status(self) -> None:
        """Raise NoAnswer unless the server agreed."""
        if not 200 <= self.status_code < 300:
            raise NoAnswer(self.status_code)


class Asking:
    """A short talk with other servers: all its questions together last at most `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._opener = OpenerDirector()
        for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor):
            self._opener.add_handler(handler())  # no handler of redirects, of files, of anything else

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a document. Raises NoAnswer."""
        return self._ask(Request(url, headers=dict(headers or {})))  # noqa: S310 - judged by the caller

    def post(self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Any = None) -> Answer:
        """Send a form, signed by `auth` as authlib's clients are. Raises NoAnswer."""
        body, sent = urlencode(data), dict(headers)
        if auth is not None:
            url, sent, body = auth.prepare("POST", url, sent, body)
        return self._ask(Request(url, data=body.encode(), headers=sent, method="POST"))  # noqa: S310

    def _ask(self, request: Request) -> Answer:
        try:
            with self._open(request) as response:
                return Answer(response.status, self._body(response))
        except (OSError, HTTPException, ValueError) as error:  # URLError and time-outs are OSErrors
            raise NoAnswer(request.host) from error

    def _open(self, request: Request) -> HTTPResponse:
        try:
            opened = self._opener.open(request, timeout=self._patience())
        except HTTPError as refused:
            return refused  # type: ignore[return-value]  # it has the same status and body
        if opened is None:
            raise URLError("not an address of the web")
        return opened  # type: ignore[no-any-return]

    def _body(self, response: HTTPResponse) -> bytes:
        """The whole body; given up when it is too long or comes too slowly."""
        kept = b""
        while chunk := response.read1(CHUNK):
            kept += chunk
            if len(kept) > LARGEST_ANSWER:
                raise NoAnswer("too long")
            self._patience()
        return kept

    def _patience(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise NoAnswer("too slow")
        return min(left, LONGEST_SILENCE)
