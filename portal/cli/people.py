"""`portal user create`."""

import click

from portal.access.operations.accounts import create_person
from portal.access.operations.roles import grant_role
from portal.access.policy import STAFF, Role
from portal.access.queries import authority_by_code
from portal.cli.context import transaction
from portal.core.actor import SYSTEM
from portal.core.clock import now


@click.group()
def user() -> None:
    """Accounts."""


@user.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option(
    "--role", type=click.Choice(sorted(role.value for role in STAFF)), help="A staff role; needs --authority."
)
@click.option("--authority", help="Code of the authority that gives the role.")
def create(email: str, name: str, password: str, role: str | None, authority: str | None) -> None:
    """Create an account, with a staff role if asked."""
    with transaction() as session:
        person = create_person(session, email=email, name=name, password=password, actor=SYSTEM, now=now())
        if role:
            found = authority_by_code(session, authority or "")
            if found is None:
                raise click.UsageError("--role needs --authority with the code of an authority that has a call here")
            grant_role(session, person_id=person.id, role=Role(role), authority_id=found.id, actor=SYSTEM, now=now())
    click.echo(f"created {email}")
