"""What administrators have to decide, and what staff should know of absences."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.labels import ROLES
from portal.access.policy import STAFF, Action
from portal.access.queries.reach import authorities_where
from portal.access.queries.roles import delegations_of, open_invitations, proposals_waiting
from portal.access.rules.roles import ENDS_SOON
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.notices.rules import DueStep


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """Roles to confirm, people who registered when asked, stand-ins that end soon. Nothing for applicants."""
    steps: list[DueStep] = []
    if authorities_where(actor, Action.ROLE_CONFIRM):
        steps += _to_confirm(session, actor)
        steps += _registered(session, actor)
    if any(role in STAFF for role in actor.role_names):
        steps += _ending(session, actor, now)
    return steps


def _to_confirm(session: Session, actor: Actor) -> Iterator[DueStep]:
    for line in proposals_waiting(session, actor, Action.ROLE_CONFIRM):
        if not line.ones_own:
            yield DueStep(
                what=_("Confirm a role: %(name)s, %(role)s", name=line.person.name, role=ROLES[line.proposal.role]),
                button=_("Open"),
                path=f"/admin/roles/proposals/{line.proposal.id}",
                by=line.proposal.since,
                why=_("This role takes two people: %(name)s proposed it.", name=line.proposed_by),
                place=line.authority,
            )


def _registered(session: Session, actor: Actor) -> Iterator[DueStep]:
    for invitation, person in open_invitations(session, actor):
        if person is not None:
            yield DueStep(
                what=_("%(email)s has registered: grant the role", email=invitation.email),
                button=_("Grant a role"),
                path=f"/admin/roles/new?invitation={invitation.id}",
                why=_("Somebody of your authority asked this address to register."),
            )


def _ending(session: Session, actor: Actor, now: datetime) -> Iterator[DueStep]:
    for line in delegations_of(session, actor, now):
        until = line.grant.until
        if until is not None and line.grant.since <= now and until - now <= ENDS_SOON:
            yield DueStep(
                what=_("%(name)s stands in for %(absent)s only until then", name=line.person.name,
                       absent=line.stands_in_for),
                button=_("Open"),
                path="/delegations",
                by=until,
                place=line.authority,
            )  # fmt: skip
