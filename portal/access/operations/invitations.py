"""Invitations into an organisation: sent to an address, accepted by whoever holds the link, once."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Invitation, Organisation, Person
from portal.access.operations.members import AlreadyMember, admit, hold_own_members
from portal.access.policy import Action, Tie, authorise
from portal.access.queries import MEMBER_TIES, token_hash
from portal.access.queries.members import (
    invitation_by_token,
    invitation_of,
    invitations_sent_lately,
    inviter_still_may,
    open_invitations,
    ties_of_member,
    unused_invitations,
)
from portal.access.queries.organisations import hold_organisation
from portal.access.rules import is_address
from portal.access.rules.members import (
    INVITATION_LASTS,
    MOST_INVITATIONS,
    MOST_OPEN_INVITATIONS,
    Membership,
    MembershipChanged,
)
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, Conflict, Forbidden, Invalid, TooMany
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.mail import send_mail
from portal.core.text import clean_line


class InvitationOver(Closed):
    """Used, withdrawn or expired."""

    default = lazy_(
        "This invitation is not valid any more: it was used, withdrawn, or its fourteen days are over. Ask the people"
        " of the organisation for a new one."
    )


class InviterIsGone(Closed):
    """Nobody comes in on the word of somebody who could not let them in any more."""

    default = lazy_(
        "This invitation is not valid any more: whoever sent it does not represent the organisation now. Ask the people"
        " of the organisation for a new one."
    )


class TooManyOpen(Conflict):
    """So many open invitations are enough for one organisation."""

    default = lazy_("20 invitations of this organisation are open: withdraw one that is no longer needed first.")


class TooManySent(TooMany):
    """So many messages in an hour are enough."""

    default = lazy_("10 invitations were sent within an hour: send the next ones later.")


def invite_member(
    session: Session, *, organisation_id: UUID, email: str, tie_offered: Tie, actor: Actor, now: datetime
) -> Invitation:
    """Offer a place to an address; a former invitation of the same address is replaced.

    Nothing is looked up about the address, so that nobody learns from here who has an account. Raises Invalid,
    TooManyOpen, TooManySent, ThroughItsOrganisations.
    """
    organisation = hold_own_members(session, organisation_id=organisation_id, actor=actor, action=Action.MEMBERS_MANAGE)
    address = clean_line(email).casefold()
    if not is_address(address):
        raise Invalid(lazy_("This is not an e-mail address. Write it like name@example.it."), "email")
    if tie_offered not in MEMBER_TIES:
        raise Invalid(lazy_("Choose a role from the list."), "tie")
    if invitations_sent_lately(session, organisation.id, actor.person_id, now) >= MOST_INVITATIONS:
        raise TooManySent(field="email")
    for former in unused_invitations(session, organisation.id, email=address):
        _withdraw(session, organisation, former, actor, now)
    if len(open_invitations(session, organisation.id, now)) >= MOST_OPEN_INVITATIONS:
        raise TooManyOpen(field="email")
    return _send(session, organisation, address, tie_offered, actor, now)


def withdraw_invitation(
    session: Session, *, organisation_id: UUID, invitation_id: UUID, actor: Actor, now: datetime
) -> None:
    """Take an invitation back: its link opens nothing any more. Raises InvitationOver."""
    organisation = hold_own_members(session, organisation_id=organisation_id, actor=actor, action=Action.MEMBERS_MANAGE)
    invitation = invitation_of(session, organisation.id, invitation_id)
    if not invitation.is_open(now):
        raise InvitationOver
    _withdraw(session, organisation, invitation, actor, now)


def accept_invitation(session: Session, *, token: str, actor: Actor, now: datetime) -> Organisation:
    """Join as the account that is signed in, whichever address the link was sent to; the link is used up.

    Raises NotFound, InvitationOver, InviterIsGone, AlreadyMember, or what an upper room refuses a member for.
    """
    if actor.person_id is None:
        raise Forbidden
    invitation = invitation_by_token(session, token)
    authorise(actor, Action.INVITATION_ACCEPT, invitation)
    organisation = hold_organisation(session, invitation.organisation_id)
    session.refresh(invitation)
    if not invitation.is_open(now):
        raise InvitationOver
    if not inviter_still_may(session, invitation):
        raise InviterIsGone
    if ties_of_member(session, organisation.id, actor.person_id):
        raise AlreadyMember(lazy_("You belong to this organisation already."))
    admit(session, organisation=organisation, person_id=actor.person_id, tie_given=invitation.tie, asks=True,
          actor=actor, now=now)  # fmt: skip
    invitation.accepted_at, invitation.accepted_by = now, actor.person_id
    after = {"person": actor.person_id, "tie": invitation.tie, "invitation": invitation.id}
    record(session, at=now, actor=actor, event="invitation.accepted", subject=organisation, after=after)
    announce(session, MembershipChanged(organisation.id, actor.person_id, Membership.JOINED, actor.person_id, now))
    return organisation


def _withdraw(
    session: Session, organisation: Organisation, invitation: Invitation, actor: Actor, now: datetime
) -> None:
    invitation.withdrawn_at = now
    after = {"invitation": invitation.id}
    record(session, at=now, actor=actor, event="invitation.withdrawn", subject=organisation, after=after)


def _send(
    session: Session, organisation: Organisation, address: str, tie_offered: Tie, actor: Actor, now: datetime
) -> Invitation:
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        organisation_id=organisation.id, email=address, tie=tie_offered, token_hash=token_hash(token),
        invited_by=actor.person_id, made_at=now, expires_at=now + INVITATION_LASTS,
    )  # fmt: skip
    session.add(invitation)
    after = {"invitation": invitation.id, "tie": tie_offered}
    session.flush()
    record(session, at=now, actor=actor, event="invitation.sent", subject=organisation, after=after)
    inviter = session.get_one(Person, actor.person_id)
    send_mail(
        session, to=address, template="access/invitation", locale=inviter.locale, now=now, organisation=organisation,
        inviter=inviter, invitation=invitation, path=f"/invitations/{token}",
    )  # fmt: skip
    return invitation
