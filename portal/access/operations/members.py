"""The people of an organisation: their roles, leaving, and who represents it when nobody is left."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Organisation, Person
from portal.access.policy import Action, Tie
from portal.access.queries import MEMBER_TIES, person_by_email
from portal.access.queries.consortia import consortia_of
from portal.access.queries.members import open_request, representatives, ties_of_member, unused_invitations
from portal.access.queries.organisations import hold_organisation, organisation_seen
from portal.access.rules.members import LONGEST_REASON, MemberJoining, Membership, MembershipChanged
from portal.access.ties import ORGANISATION, LastOwner, tie, untie
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.text import clean_line


class ThroughItsOrganisations(Conflict):
    """A consortium has no members of its own."""

    default = lazy_(
        "People belong to a consortium through its organisations: change the people of the organisation they come from."
    )


class AlreadyMember(Conflict):
    """Nobody joins twice."""

    default = lazy_("This person belongs to the organisation already.")


class KeptApart(Conflict):
    """An upper room keeps somebody from becoming a member (P10, P18); only the person itself reads why."""

    default = lazy_(
        "This person cannot become a member now: a rule keeps those who apply and those who decide, pay or accompany"
        " apart. The person can ask the office why."
    )


class StillRepresented(Conflict):
    """The administrator appoints nobody while somebody represents the organisation."""

    default = lazy_("Somebody represents this organisation: they decide on its people.")


class NotOneself(Conflict):
    """Nobody appoints oneself."""

    default = lazy_("Nobody appoints themselves: ask another administrator.")


def change_role(
    session: Session, *, organisation_id: UUID, person_id: UUID, tie_wanted: Tie, actor: Actor, now: datetime
) -> None:
    """Give a member another role. Raises NotFound for whoever is no member, LastOwner, ThroughItsOrganisations."""
    organisation = hold_own_members(session, organisation_id=organisation_id, actor=actor, action=Action.MEMBERS_MANAGE)
    held = _held(session, organisation, person_id)
    if tie_wanted not in MEMBER_TIES:
        raise Invalid(lazy_("Choose a role from the list."), "tie")
    if held == [tie_wanted]:
        return
    if tie_wanted is not Tie.OWNER:
        _somebody_else_represents(session, organisation, person_id, held)
    _bind(session, organisation, person_id, tie_wanted, now)
    for former in held:
        if former is not tie_wanted:
            untie(session, person_id=person_id, tie=former, object_id=organisation.id, now=now)
    _stop_inviting(session, organisation, person_id, actor, now)
    before, after = {"person": person_id, "tie": held[0]}, {"person": person_id, "tie": tie_wanted}
    record(session, at=now, actor=actor, event="member.role_changed", subject=organisation, before=before, after=after)
    announce(session, MembershipChanged(organisation.id, person_id, Membership.CHANGED, actor.person_id, now))


def remove_member(session: Session, *, organisation_id: UUID, person_id: UUID, actor: Actor, now: datetime) -> None:
    """Take somebody out: their rows are ended, never deleted. Whoever goes by themselves leaves instead.

    Raises NotFound for whoever is no member, LastOwner, ThroughItsOrganisations.
    """
    organisation = hold_own_members(session, organisation_id=organisation_id, actor=actor, action=Action.MEMBERS_MANAGE)
    _end(session, organisation, person_id, Membership.REMOVED, actor, now)
    _stop_inviting(session, organisation, person_id, actor, now)


def leave_organisation(session: Session, *, organisation_id: UUID, actor: Actor, now: datetime) -> None:
    """Go by oneself. Raises LastOwner, ThroughItsOrganisations."""
    organisation = hold_own_members(
        session, organisation_id=organisation_id, actor=actor, action=Action.MEMBERSHIP_LEAVE
    )
    if actor.person_id is None:
        raise Forbidden
    _end(session, organisation, actor.person_id, Membership.LEFT, actor, now)


def appoint_owner(
    session: Session, *, organisation_id: UUID, email: str, reason: str, actor: Actor, now: datetime
) -> Person:
    """Let somebody represent an organisation that nobody represents any more, with the reason why.

    Raises StillRepresented, NotOneself, Invalid for an address without an open account or a missing reason.
    """
    organisation = hold_own_members(session, organisation_id=organisation_id, actor=actor, action=Action.OWNER_APPOINT)
    if representatives(session, organisation.id):
        raise StillRepresented
    why, person = clean_line(reason), person_by_email(session, email)
    if not why or len(why) > LONGEST_REASON:
        raise Invalid(lazy_("Say why, in at most 500 characters: its members will read it."), "reason")
    if person is None or person.disabled_at is not None:
        raise Invalid(
            lazy_("Nobody with an open account has this address. Ask the person to create one first."), "email"
        )
    if person.id == actor.person_id:
        raise NotOneself
    held = ties_of_member(session, organisation.id, person.id)
    admit(session, organisation=organisation, person_id=person.id, tie_given=Tie.OWNER, asks=False, actor=actor,
          now=now)  # fmt: skip
    for former in held:
        if former is not Tie.OWNER:
            untie(session, person_id=person.id, tie=former, object_id=organisation.id, now=now)
    after = {"person": person.id, "tie": Tie.OWNER}
    record(session, at=now, actor=actor, event="member.appointed", subject=organisation, after=after, reason=why)
    announce(session, MembershipChanged(organisation.id, person.id, Membership.APPOINTED, actor.person_id, now, why))
    return person


def admit(
    session: Session, *, organisation: Organisation, person_id: UUID, tie_given: Tie, asks: bool, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Make somebody a member, unless an upper room must keep them apart; their request to be let in is then settled.

    The organisation is locked. `asks` says whether the person itself is acting.
    """
    joined = (organisation.id, *consortia_of(session, organisation.id))
    announce(session, MemberJoining(person_id=person_id, organisation_ids=joined, asks=asks, at=now))
    _bind(session, organisation, person_id, tie_given, now)
    waiting = open_request(session, organisation.id, person_id)
    if waiting is not None:
        waiting.decided_by, waiting.decided_at, waiting.accepted = actor.person_id, now, True


def hold_own_members(session: Session, *, organisation_id: UUID, actor: Actor, action: Action) -> Organisation:
    """The organisation for this action, locked: its members change one after the other."""
    organisation_seen(session, organisation_id, actor, action)
    organisation = hold_organisation(session, organisation_id)
    if organisation.is_consortium:
        raise ThroughItsOrganisations
    return organisation


def _held(session: Session, organisation: Organisation, person_id: UUID) -> list[Tie]:
    held = ties_of_member(session, organisation.id, person_id)
    if not held:
        raise NotFound
    return held


def _end(
    session: Session, organisation: Organisation, person_id: UUID, what: Membership, actor: Actor, now: datetime
) -> None:
    held = _held(session, organisation, person_id)
    _somebody_else_represents(session, organisation, person_id, held)
    for former in held:
        untie(session, person_id=person_id, tie=former, object_id=organisation.id, now=now)
    before = {"person": person_id, "tie": held[0]}
    record(session, at=now, actor=actor, event=f"member.{what}", subject=organisation, before=before)
    announce(session, MembershipChanged(organisation.id, person_id, what, actor.person_id, now))


def _somebody_else_represents(session: Session, organisation: Organisation, person_id: UUID, held: list[Tie]) -> None:
    if Tie.OWNER in held and not representatives(session, organisation.id, besides=person_id):
        raise LastOwner


def _stop_inviting(session: Session, organisation: Organisation, person_id: UUID, actor: Actor, now: datetime) -> None:
    """What somebody offered who represents it no more is withdrawn."""
    if Tie.OWNER in ties_of_member(session, organisation.id, person_id):
        return
    for invitation in unused_invitations(session, organisation.id, invited_by=person_id):
        invitation.withdrawn_at = now
        after = {"invitation": invitation.id}
        record(session, at=now, actor=actor, event="invitation.withdrawn", subject=organisation, after=after)


def _bind(session: Session, organisation: Organisation, person_id: UUID, how: Tie, now: datetime) -> None:
    tie(session, person_id=person_id, tie=how, object_type=ORGANISATION, object_id=organisation.id, now=now)
