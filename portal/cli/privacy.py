"""`portal privacy register`: the register of processing as a file."""

from typing import BinaryIO

import click

from portal.access.queries.data_protection import controllers
from portal.cli.context import looking
from portal.core.actor import SYSTEM
from portal.core.clock import now
from portal.core.db import Base
from portal.core.i18n import LANGUAGES, speaking
from portal.core.privacy.register import as_csv, as_markdown, register


@click.group()
def privacy() -> None:
    """Personal data."""


@privacy.command(name="register")
@click.option("--format", "kind", type=click.Choice(["markdown", "csv"]), default="markdown", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="it", show_default=True)
@click.option("--output", type=click.File("wb"), default="-", help="A file; standard output where none is given.")
def write_register(kind: str, language: str, output: BinaryIO) -> None:
    """Write the register of processing (GDPR art. 30), made from the tags of columns."""
    with looking() as session, speaking(language):
        found, who = register(Base.metadata), controllers(session, SYSTEM, now())
        output.write(as_csv(found, who) if kind == "csv" else as_markdown(found, who).encode())
