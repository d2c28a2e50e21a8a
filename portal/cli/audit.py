"""`portal check` and `portal audit verify`."""

import click

from portal.cli.context import looking
from portal.core.audit import verify as verify_chain
from portal.reporting.invariants import broken_invariants


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
def verify() -> None:
    """Verify every chain; name the first bad row of each."""
    with looking() as session:
        faults = list(verify_chain(session))
    for line in faults[1:]:
        click.echo(line, err=True)
    if faults:
        raise click.ClickException(faults[0])
    click.echo("the audit trail verifies")
