"""Telling people by mail what became of a role: whoever receives it, and whoever has to confirm it."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.labels import ROLES
from portal.access.models import Authority, Person, RoleGrant, RoleProposal
from portal.access.policy import Role
from portal.access.queries import people_with_role
from portal.access.queries.roles import authority_for
from portal.core.mail import send_mail


def tell_proposed(session: Session, *, proposal: RoleProposal, authority: Authority, now: datetime) -> None:
    """The administrators who may confirm: neither who proposes nor who would receive the role."""
    names = {"proposer": _name(session, proposal.proposed_by), "name": _name(session, proposal.person_id)}
    for other in people_with_role(session, Role.ADMINISTRATOR, authority.id, now):
        if other.id not in (proposal.proposed_by, proposal.person_id):
            send_mail(
                session, to=other.email, template="access/role_proposed", locale=other.locale, now=now, person=other,
                role=ROLES[proposal.role], authority=authority, reason=proposal.reason,
                path=f"/admin/roles/proposals/{proposal.id}", **names,
            )  # fmt: skip


def tell_granted(session: Session, *, grant: RoleGrant, person: Person, authority: Authority, now: datetime) -> None:
    """The person: which role, from when to when, for whom."""
    absent = _name(session, grant.stands_in_for) if grant.stands_in_for else None
    send_mail(
        session, to=person.email, template="access/role_granted", locale=person.locale, now=now, person=person,
        role=ROLES[grant.role], authority=authority, grant=grant, absent=absent,
    )  # fmt: skip


def tell_refused(session: Session, *, proposal: RoleProposal, now: datetime) -> None:
    """Whoever proposed it, with the reason."""
    proposer = session.get_one(Person, proposal.proposed_by)
    send_mail(
        session, to=proposer.email, template="access/role_refused", locale=proposer.locale, now=now, person=proposer,
        role=ROLES[proposal.role], authority=authority_for(session, proposal.authority_id),
        name=_name(session, proposal.person_id), reason=proposal.decision_reason,
    )  # fmt: skip


def tell_ended(session: Session, *, grant: RoleGrant, now: datetime) -> None:
    """The person whose role ended before its time."""
    person = session.get_one(Person, grant.person_id)
    send_mail(
        session, to=person.email, template="access/role_ended", locale=person.locale, now=now, person=person,
        role=ROLES[grant.role], authority=authority_for(session, grant.authority_id), reason=grant.end_reason,
    )  # fmt: skip


def _name(session: Session, person_id: object) -> str:
    return session.get_one(Person, person_id).name
