"""`portal call validate|import|export|diff`."""

import difflib
import json
import sys
from pathlib import Path

import click

from portal.calls.callfile import CallFileRefused, json_schema, read_call_file, write_call_file
from portal.calls.operations import import_call
from portal.calls.queries import call_by_slug
from portal.calls.rules import CallDesign
from portal.cli.context import transaction
from portal.core.actor import SYSTEM
from portal.core.clock import now
from portal.core.errors import NotFound

FILE = click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def call() -> None:
    """Calls as files."""


@call.command()
@FILE
def validate(path: Path) -> None:
    """Say every fault of a call's file, each with its place."""
    design = _design(path)
    click.echo(f"{path}: {design.slug} is a call")


@call.command("import")
@FILE
def import_file(path: Path) -> None:
    """Make a draft of a call's file, or replace the draft with its slug."""
    design = _design(path)
    with transaction() as session:
        found = import_call(session, design=design, actor=SYSTEM, now=now())
        click.echo(f"{found.slug}: {found.status}, revision {found.revision}")


@call.command()
@click.argument("slug")
def export(slug: str) -> None:
    """Write a call as a file on standard output."""
    click.echo(_stored(slug), nl=False)


@call.command()
@FILE
def diff(path: Path) -> None:
    """Show what a file would change in the call with its slug; exit 1 where it differs."""
    design = _design(path)
    stored = _stored(design.slug).splitlines(keepends=True)
    given = write_call_file(design).splitlines(keepends=True)
    lines = list(difflib.unified_diff(stored, given, f"{design.slug} (portal)", str(path)))
    click.echo("".join(lines), nl=False)
    if lines:
        sys.exit(1)


@call.command()
def schema() -> None:
    """Write the JSON Schema of calls' files (kept as docs/call.schema.json)."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _design(path: Path) -> CallDesign:
    try:
        return read_call_file(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path}: save the file as UTF-8 text") from error
    except CallFileRefused as refused:
        raise click.ClickException("\n".join(f"{path}: {fault}" for fault in refused.faults)) from refused


def _stored(slug: str) -> str:
    try:
        with transaction() as session:
            return write_call_file(call_by_slug(session, slug, SYSTEM).design)
    except NotFound as error:
        raise click.ClickException(f"{slug}: no call has this slug") from error
