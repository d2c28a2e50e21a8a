"""clamd over INSTREAM (clamd(8)): the bytes travel in counted pieces over a socket; no file is shared with it."""

import socket
import struct
from contextlib import closing
from urllib.parse import urlsplit

PIECE = 1024 * 1024
CONNECTING, ANSWERING = 3.0, 60.0
"""Seconds to wait for the socket, and for each answer."""
LONGEST_ANSWER = 4096


class ScannerSilent(Exception):
    """The scanner did not answer, or answered that it could not tell: nothing is known of the file."""


class Clamd:
    """One clamd, at `unix:/run/clamav/clamd.ctl` or `tcp://host:3310`."""

    def __init__(self, address: str) -> None:
        self.address = address

    def virus_in(self, content: bytes) -> str | None:
        """The name of the virus that was found, else None. Raises ScannerSilent."""
        answer = self._ask(b"zINSTREAM\0", content)
        verdict = answer.partition(": ")[2]
        if verdict == "OK":
            return None
        if verdict.endswith(" FOUND"):
            return verdict.removesuffix(" FOUND")[:120]
        raise ScannerSilent(answer or "an empty answer")

    def ready(self) -> str | None:
        """Whether it answers to PING."""
        try:
            answer = self._ask(b"zPING\0", None)
        except ScannerSilent as silent:
            return f"the scanner at {self.address} does not answer: {silent}"
        return None if answer == "PONG" else f"the scanner at {self.address} answered {answer!r}"

    def _ask(self, command: bytes, content: bytes | None) -> str:
        try:
            with closing(self._connected()) as line:
                line.settimeout(ANSWERING)
                line.sendall(command)
                if content is not None:
                    _send(line, content)
                return _answer(line)
        except OSError as error:
            raise ScannerSilent(str(error)) from error

    def _connected(self) -> socket.socket:
        parts = urlsplit(self.address)
        if parts.scheme == "unix":
            return _connected_to_path(parts.path)
        return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=CONNECTING)


def _connected_to_path(path: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(CONNECTING)
        line.connect(path)
    except OSError:
        line.close()
        raise
    return line


def _send(line: socket.socket, content: bytes) -> None:
    """Each piece after its length; a length of nothing ends it. clamd hangs up when its own limit is passed."""
    try:
        for at in range(0, len(content), PIECE):
            piece = content[at : at + PIECE]
            line.sendall(struct.pack(">I", len(piece)))
            line.sendall(piece)
        line.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return  # what it has to say is in its answer


def _answer(line: socket.socket) -> str:
    got = b""
    while len(got) < LONGEST_ANSWER and not got.endswith(b"\0"):
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        got += piece
    return got.rstrip(b"\0").decode("utf-8", "replace").strip()
