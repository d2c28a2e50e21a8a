"""What an administrator does to accounts: disable, enable, sign out everywhere, ask somebody to register."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person, RoleGrant, StaffInvitation
from portal.access.operations.passwords import end_sessions
from portal.access.operations.receiving import written_reason
from portal.access.operations.role_ends import end_stand_ins, must_leave_an_administrator
from portal.access.policy import Action, authorise, must_have_proved
from portal.access.queries import person_by_email
from portal.access.queries.administration import person_seen
from portal.access.queries.held import hold_person
from portal.access.queries.reach import authorities_where, not_ended
from portal.access.queries.roles import authority_for
from portal.access.rules.accounts import is_address
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.mail import send_mail
from portal.core.text import clean_line


class NotOneself(Conflict):
    """Nobody shuts themselves out."""

    default = lazy_("This is your own account: another administrator disables it, or you close it yourself.")


class WorksElsewhere(Conflict):
    """One authority does not shut out the staff of another."""

    default = lazy_("Your authority alone cannot do this to this account: ask the operators of the portal.")


class NothingToChange(Conflict):
    """The account is as it was asked to be."""

    default = lazy_("Nothing was changed: the account is so already. Reload the page.")


class HasAccount(Conflict):
    """Whoever has an account is not asked to register."""

    default = lazy_("This address has an account now: grant the role.")


def disable_person(session: Session, *, person_id: UUID, reason: str, actor: Actor, now: datetime) -> Person:
    """Shut somebody out, with a reason: sessions end at once, and whoever stands in for them loses the role.

    Raises NotOneself, WorksElsewhere, LastAdministrator or NothingToChange. Roles stay as they are, in case the
    account is enabled again.
    """
    person, roles = _one_of_ours(session, person_id, actor, now)
    why = written_reason(reason=clean_line(reason))
    if person.disabled_at is not None:
        raise NothingToChange
    must_leave_an_administrator(session, grants=roles, now=now)
    person.disabled_at = now
    end_sessions(session, person=person, actor=actor, now=now)
    record(session, at=now, actor=actor, event="person.disabled", subject=person, reason=why)
    for grant in roles:
        end_stand_ins(session, grant=grant, actor=actor, now=now)
    send_mail(session, to=person.email, template="access/account_disabled", locale=person.locale, now=now,
              person=person, reason=why)  # fmt: skip
    return person


def enable_person(session: Session, *, person_id: UUID, reason: str, actor: Actor, now: datetime) -> Person:
    """Let somebody in again. Raises NothingToChange for an account that is open, or was closed by its person."""
    person, _ = _one_of_ours(session, person_id, actor, now)
    why = written_reason(reason=clean_line(reason))
    if person.disabled_at is None or person.closed_at is not None or person.erased_at is not None:
        raise NothingToChange
    person.disabled_at = None
    record(session, at=now, actor=actor, event="person.enabled", subject=person, reason=why)
    return person


def sign_out_everywhere(session: Session, *, person_id: UUID, actor: Actor, now: datetime) -> None:
    """End every session of somebody (a lost telephone, a shared computer)."""
    person, _ = _one_of_ours(session, person_id, actor, now)
    end_sessions(session, person=person, actor=actor, now=now)
    record(session, at=now, actor=actor, event="person.signed_out", subject=person)


def invite_staff(session: Session, *, email: str, authority_id: UUID, actor: Actor, now: datetime) -> StaffInvitation:
    """Ask an address to register, so that it can be given a role afterwards. Raises HasAccount."""
    authority = authority_for(session, authority_id)
    authorise(actor, Action.ROLE_GRANT, authority)
    if actor.person_id is None:
        raise Forbidden
    address = clean_line(email).casefold()
    if not is_address(address):
        raise Invalid(lazy_("This is not an e-mail address. Write it like name@example.it."), "email")
    if person_by_email(session, address) is not None:
        raise HasAccount
    close_invitations(session, email=address, authority_id=authority_id, actor=actor, now=now)
    invitation = StaffInvitation(email=address, authority_id=authority.id, invited_by=actor.person_id, invited_at=now)
    session.add(invitation)
    record(session, at=now, actor=actor, event="staff.invited", subject=invitation)
    send_mail(session, to=address, template="access/staff_invited", locale="it", now=now, authority=authority)
    return invitation


def drop_invitation(session: Session, *, invitation_id: UUID, actor: Actor, now: datetime) -> None:
    """Wait no longer for an address to register. Raises NotFound."""
    found = session.get(StaffInvitation, invitation_id)
    if found is None or found.authority_id not in authorities_where(actor, Action.ROLE_GRANT):
        raise NotFound
    must_have_proved(actor, Action.ROLE_GRANT)
    close_invitations(session, email=found.email, authority_id=found.authority_id, actor=actor, now=now)


def close_invitations(session: Session, *, email: str, authority_id: UUID, actor: Actor, now: datetime) -> None:
    """What an address was asked by this authority is settled."""
    query = select(StaffInvitation).where(
        StaffInvitation.email == email, StaffInvitation.authority_id == authority_id,
        StaffInvitation.closed_at.is_(None),
    )  # fmt: skip
    for row in session.scalars(query):
        row.closed_at = now
        record(session, at=now, actor=actor, event="staff.invitation_closed", subject=row)


def _one_of_ours(session: Session, person_id: UUID, actor: Actor, now: datetime) -> tuple[Person, list[RoleGrant]]:
    """Somebody whom the actor may shut out, locked, with their roles. Raises NotFound, NotOneself or WorksElsewhere."""
    person_seen(session, person_id, actor, Action.PERSON_DISABLE, now)
    if person_id == actor.person_id:
        raise NotOneself
    person = hold_person(session, person_id)
    query = select(RoleGrant).where(RoleGrant.person_id == person_id, not_ended(RoleGrant, now))
    roles = list(session.scalars(query.order_by(RoleGrant.id)))
    ours = authorities_where(actor, Action.PERSON_DISABLE)
    if any(grant.authority_id not in ours for grant in roles):
        raise WorksElsewhere
    return person, roles
