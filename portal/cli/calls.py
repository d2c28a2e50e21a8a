"""`portal call validate|import|export|diff`."""

import json
import sys
from pathlib import Path

import click

from portal.calls.callfile import CallFileRefused, design_to_json, json_schema, read_call_file, write_call_file
from portal.calls.differences import Difference, differences
from portal.calls.marks import LARGEST_FILE, too_large
from portal.calls.operations import import_call
from portal.calls.queries import call_by_slug
from portal.calls.rules import CallDesign
from portal.calls.rules.validity import not_yet
from portal.cli.context import the_app, transaction, transaction_of_the_app
from portal.core.actor import SYSTEM
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.rehearsal.models import Rehearsal
from portal.rehearsal.operations import begin_rehearsal, play_step
from portal.rehearsal.rules import RehearsalStatus

FILE = click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def call() -> None:
    """Calls as files."""


@call.command()
@FILE
def validate(path: Path) -> None:
    """Say every fault of a call's file, each with its line, place and mend; and what this version cannot keep yet."""
    design = _design(path)
    click.echo(f"{path}: {design.slug} is a call")
    for each in not_yet(design):
        click.echo(f"{path}: {each}", err=True)


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
    click.echo(write_call_file(_stored(slug)), nl=False)


@call.command()
@click.argument("one")
@click.argument("other", required=False)
def diff(one: str, other: str | None) -> None:
    """Say what differs between two calls, each a file or a slug: the place, before, after. Exit 1 where they differ.

    With one file alone: what it would change in the call with its slug.
    """
    after = _either(other if other is not None else one)
    before = _either(one) if other is not None else _stored(after.slug)
    found = differences(design_to_json(before), design_to_json(after))
    for each in found:
        click.echo(_line(each))
    if found:
        sys.exit(1)


@call.command()
@click.argument("slug")
def rehearse(slug: str) -> None:
    """Live through a call once, in the twin of its authority, and print what happened; exit 1 where it stopped."""
    with the_app().app_context():
        with transaction_of_the_app() as session:
            found = call_by_slug(session, slug, SYSTEM)
            key = begin_rehearsal(session, call_id=found.id, actor=SYSTEM, now=now(), in_background=False).id
        while True:
            with transaction_of_the_app() as session:
                rehearsal = play_step(session, rehearsal_id=key, now=now())
                _tell_step(rehearsal)
                if rehearsal.next_stop is None:
                    break
        status = rehearsal.status
    click.echo(f"{slug}: rehearsal {key} {status}")
    if status is not RehearsalStatus.FINISHED:
        sys.exit(1)


def _tell_step(rehearsal: Rehearsal) -> None:
    step = rehearsal.steps[-1]
    where = f" [{step.phase_key}]" if step.phase_key else ""
    click.echo(f"{step.number}/{rehearsal.planned} {step.step}{where} ({step.milliseconds} ms)")
    for line in step.lines:
        click.echo(f"  {line['level']}: {line['text']['en']} {line['place']}".rstrip())


@call.command()
def schema() -> None:
    """Write the JSON Schema of calls' files (kept as docs/call.schema.json)."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _line(difference: Difference) -> str:
    before, after = (json.dumps(each or None, ensure_ascii=False) for each in (difference.before, difference.after))
    return f"{difference.path}: {before} -> {after}"


def _either(name: str) -> CallDesign:
    path = Path(name)
    return _design(path) if path.is_file() else _stored(name)


def _design(path: Path) -> CallDesign:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CallFileRefused([too_large()])
        return read_call_file(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path}: save the file as UTF-8 text") from error
    except CallFileRefused as refused:
        raise click.ClickException("\n".join(f"{path}: {fault}" for fault in refused.faults)) from refused


def _stored(slug: str) -> CallDesign:
    try:
        with transaction() as session:
            return call_by_slug(session, slug, SYSTEM).design
    except NotFound as error:
        raise click.ClickException(f"{slug}: there is neither a file nor a call with this name") from error
