"""Commands by name; each is a function of its module."""

import os
import sys

import click
from sqlalchemy.exc import InterfaceError, OperationalError

from portal.cli import audit, calls, database, demonstration, lists, people, privacy, rankings, roles, servers
from portal.core.config import ConfigurationRefused
from portal.core.errors import Refusal


@click.group()
def portal() -> None:
    """Vivaio: calls, applications, grants and payments of a metropolitan city."""


for command in (
    servers.serve,
    servers.worker,
    database.migrate,
    audit.check,
    audit.audit,
    calls.call,
    rankings.ranking,
    lists.search,
    demonstration.demo,
    people.user,
    roles.role,
    privacy.privacy,
):
    portal.add_command(command)


def main() -> None:
    """Run a command; a refusal is one line on stderr and exit code 1."""
    try:
        portal(standalone_mode=False)
    except ConfigurationRefused as refused:
        _stop(refused.faults, 1)
    except Refusal as refusal:
        _stop([str(refusal)], 1)
    except click.UsageError as error:
        _stop([error.format_message()], 2)
    except click.ClickException as error:
        _stop([error.format_message()], 1)
    except (OperationalError, InterfaceError) as error:
        _stop([f"the database does not answer ({_reason(error)}): check DATABASE_URL, or run `portal migrate`"], 1)
    except click.exceptions.Abort:
        _stop(["interrupted"], 1)
    except BrokenPipeError:
        os._exit(0)


def _reason(error: OperationalError | InterfaceError) -> str:
    return str(error.orig).strip().partition("\n")[0]


def _stop(lines: list[str], code: int) -> None:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(code)
