"""`portal search rebuild`: the office's list and its index, written anew from what was registered."""

import click

from portal.applications.inbox.entering import rebuild as write_anew
from portal.cli.context import transaction


@click.group()
def search() -> None:
    """The officers' list of applications and its search."""


@search.command()
def rebuild() -> None:
    """Write every line of the list and the index anew. What officers did with the lines stays."""
    with transaction() as session:
        number = write_anew(session)
    click.echo(f"{number} applications listed")
