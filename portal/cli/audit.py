"""`portal check`, `portal audit verify` and `portal audit anchor`."""

from pathlib import Path

import click

from portal.cli.context import looking, transaction
from portal.core.audit import Count, verify_kept
from portal.core.clock import now
from portal.core.jobs import before_slow_work
from portal.reporting.invariants import broken_invariants
from portal.reporting.trail.operations import anchor_trail, faults_of, note_verification


@click.command()
def check() -> None:
    """Check every invariant; exit 1 on the first broken one."""
    with looking() as session:
        for line in broken_invariants(session):
            raise click.ClickException(line)
    click.echo("every invariant holds")


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command()
@click.option(
    "--anchor", "kept", type=click.Path(exists=True, dir_okay=False, path_type=Path), multiple=True,
    help="A file of anchors that was kept elsewhere; may be given several times.",
)  # fmt: skip
def verify(kept: tuple[Path, ...]) -> None:
    """Verify every chain and every anchor; name the first bad row of each object."""
    count = Count()
    with transaction() as session:
        with before_slow_work(session):
            faults = list(faults_of(session, now=now(), count=count))
            for path in kept:
                faults += verify_kept(session, path.read_bytes(), path.name)
        note_verification(session, faults=faults, count=count, now=now())
    for line in faults[1:]:
        click.echo(line, err=True)
    if faults:
        raise click.ClickException(faults[0])
    click.echo(f"the audit trail verifies: {count.events} rows, {count.chains} objects, {count.anchors} anchors")
    if not count.anchors:
        click.echo("no anchor was taken yet: a history rewritten as a whole could not be found", err=True)


@audit.command()
def anchor() -> None:
    """Take today's anchor now: all heads to the store, their fingerprint to the auditors."""
    with transaction() as session:
        taken = anchor_trail(session, now=now())
        said = f"{taken.day} {taken.digest} {taken.key}: {taken.heads} objects, {taken.events} rows"
    click.echo(said)
