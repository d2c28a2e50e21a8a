"""`portal role`: the first administrators, and what no page may do (ending the last one)."""

from typing import Any

import click
from sqlalchemy.orm import Session

from portal.access.models import Authority, Person
from portal.access.operations.role_ends import end_role
from portal.access.operations.roles import grant_role
from portal.access.policy import STAFF, Role
from portal.access.queries import authority_by_code, person_by_email
from portal.access.queries.roles import grant_in_force, roles_at
from portal.cli.context import looking, transaction
from portal.core.actor import SYSTEM
from portal.core.clock import now

a_role = click.option("--role", "role", required=True, type=click.Choice(sorted(role.value for role in STAFF)))
at_authority = click.option("--authority", "code", required=True, help="Code of the authority.")
for_reason = click.option("--reason", required=True, help="Why: it stays in the trail.")


@click.group()
def role() -> None:
    """Roles of staff."""


@role.command()
@click.argument("email")
@a_role
@at_authority
@for_reason
def grant(email: str, role: str, code: str, reason: str) -> None:
    """Grant a role to an account: also a first finance role or the first administrators, without a second person."""
    with transaction() as session:
        person, authority = _both(session, email, code)
        given: dict[str, Any] = {"person_id": person.id, "authority_id": authority.id, "reason": reason}
        grant_role(session, role=Role(role), **given, actor=SYSTEM, now=now())
    click.echo(f"{email} is {role} at {code}")


@role.command()
@click.argument("email")
@a_role
@at_authority
@for_reason
def end(email: str, role: str, code: str, reason: str) -> None:
    """End a role now: also that of the last administrator."""
    with transaction() as session:
        person, authority = _both(session, email, code)
        found = grant_in_force(session, person.id, Role(role), authority.id, now())
        if found is None:
            raise click.ClickException(f"{email} does not hold the role {role} at {code}")
        end_role(session, grant_id=found.id, reason=reason, actor=SYSTEM, now=now())
    click.echo(f"{email} is no longer {role} at {code}")


@role.command(name="list")
@at_authority
def listed(code: str) -> None:
    """Who holds which role at an authority now."""
    with looking() as session:
        authority = _authority(session, code)
        for line in roles_at(session, authority.id, now()):
            stands_in = f", stands in for {line.stands_in_for}" if line.stands_in_for else ""
            click.echo(f"{line.person.email}  {line.grant.role.value}  since {line.grant.since:%Y-%m-%d}{stands_in}")


def _both(session: Session, email: str, code: str) -> tuple[Person, Authority]:
    person = person_by_email(session, email)
    if person is None:
        raise click.ClickException(f"no account has the address {email}: `portal user create` makes one")
    return person, _authority(session, code)


def _authority(session: Session, code: str) -> Authority:
    found = authority_by_code(session, code)
    if found is None:
        raise click.ClickException(f"no authority has the code {code}: it comes into being with its first call")
    return found
