"""`portal demo load` and `portal demo code`."""

import click
from flask import current_app

from portal.cli.context import looking, transaction
from portal.core.clock import now
from portal.core.config import Settings
from portal.demo.load import code_of, is_empty, load_demonstration, password_in, sign_ins


@click.group()
def demo() -> None:
    """The demonstration city."""


@demo.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when somebody has an account already.")
def load(if_empty: bool) -> None:
    """Build the demonstration, and print its sign-ins."""
    with transaction() as session:
        settings = _settings()
        password = password_in(settings.var)
        if is_empty(session):
            click.echo("Building the demonstration: three calls, sixty applications (about half a minute)")
            load_demonstration(session, password=password, now=now())
        elif not if_empty:
            raise click.ClickException("the database is not empty: the demonstration is built in an empty one")
    for line in sign_ins(password):
        click.echo(line)


@demo.command()
@click.argument("role")
def code(role: str) -> None:
    """Print the code of now for the second factor of ROLE@demo.vivaio.example (officer, chair, auditor …)."""
    with looking() as session:
        _settings()
        click.echo(code_of(session, role, now()))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    if not settings.demo:
        raise click.ClickException("VIVAIO_DEMO is 0 here: demonstration accounts are refused")
    return settings
