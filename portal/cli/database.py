"""`portal migrate`: bring the schema up to date, or say whether it is."""

import click
from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.util.exc import CommandError
from flask import current_app

from portal.applications.inbox.entering import missing, rebuild
from portal.cli.context import the_app, transaction_of_the_app
from portal.core.db import database
from portal.core.web.operators import known_heads


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; say whether a migration is missing or unwritten.")
def migrate(check: bool) -> None:
    """Apply every migration that is missing; what of the data follows from them comes with it."""
    with the_app().app_context():
        migrations = current_app.extensions["migrate"]
        config = migrations.migrate.get_config(str(migrations.directory))
        try:
            if check:
                _stand_at_the_head(str(migrations.directory))
                command.check(config)
            else:
                command.upgrade(config, "head")
                _list_what_is_missing()
        except CommandError as error:
            raise click.ClickException(f"{error}: write a migration, or undo the change") from error


def _list_what_is_missing() -> None:
    """A database of before the officers' list has applications without a line: they get one, and the index."""
    with transaction_of_the_app() as session:
        if missing(session):
            click.echo(f"{rebuild(session)} applications listed")


def _stand_at_the_head(folder: str) -> None:
    with database.engine.connect().execution_options(ro=True) as connection:
        applied = set(MigrationContext.configure(connection).get_current_heads())
    if applied != known_heads(folder):
        raise click.ClickException("the database is not at the last migration: run `portal migrate`")
