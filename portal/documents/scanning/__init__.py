"""Looking for viruses: clamd where the settings name one, else nothing, and every file says "not scanned"."""

from typing import Protocol

from flask import Flask, current_app

from portal.core.config import Settings
from portal.documents.scanning.clamd import Clamd, ScannerSilent

__all__ = ["Clamd", "Scanner", "ScannerSilent", "current_scanner", "init_scanning"]


class Scanner(Protocol):
    """What looks for viruses."""

    def virus_in(self, content: bytes) -> str | None:
        """The name of what was found; None when nothing was. Raises ScannerSilent."""

    def ready(self) -> str | None:
        """None when it answers, else one line on what is wrong."""


def init_scanning(app: Flask, settings: Settings) -> None:
    """Give the application its scanner, or none. A scanner that is down stops no form, so /readyz does not ask it."""
    app.extensions["scanner"] = Clamd(settings.clamd) if settings.clamd else None


def current_scanner() -> Scanner | None:
    """The scanner of the present application; None where none is configured."""
    scanner: Scanner | None = current_app.extensions["scanner"]
    return scanner
