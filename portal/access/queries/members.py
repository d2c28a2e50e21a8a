"""The people of an organisation: who they are, who they were, who is invited, who asks to be let in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Invitation, JoinRequest, Organisation, Person, TieRow
from portal.access.policy import Action, Tie, allowed
from portal.access.queries.organisations import OrganisationSeen, organisation_seen
from portal.access.queries.people import MEMBER_TIES, token_hash
from portal.access.rules import OrganisationKind
from portal.access.rules.consortia import BY_STRENGTH
from portal.access.rules.members import COUNTED_WITHIN, MOST_OF_ONE_NAME
from portal.core.actor import Actor
from portal.core.audit import AuditEvent
from portal.core.errors import NotFound
from portal.core.mail import NOWHERE

BECAME_ENTITY = "organisation.became_entity"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's place in an organisation, since when, and until when if it is over."""

    person: Person
    tie: Tie
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MembersPage:
    """What the page of people shows; what is only for whoever manages or oversees it is empty for the others."""

    seen: OrganisationSeen
    members: Sequence[Member]
    former: Sequence[Member]
    invitations: Sequence[Invitation]
    requests: Sequence[JoinRequest]

    @property
    def organisation(self) -> Organisation:
        """The organisation itself."""
        return self.seen.organisation

    @property
    def has_own_members(self) -> bool:
        """Whether people belong to it by themselves: to a consortium they belong through its organisations."""
        return not self.organisation.is_consortium

    @property
    def is_represented(self) -> bool:
        """Whether somebody whose account is open represents it."""
        return any(each.tie is Tie.OWNER and each.person.disabled_at is None for each in self.members)


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """An invitation as whoever holds its link sees it; `email` is the account that is signed in."""

    invitation: Invitation
    is_open: bool
    is_member: bool
    email: str | None
    is_void: bool
    """Whoever sent it represents the organisation no more."""

    @property
    def is_for_another_address(self) -> bool:
        """Whether it was sent to an address that the account does not have."""
        return self.email is not None and self.email != self.invitation.email


@dataclass(frozen=True, slots=True)
class EarlierName:
    """A name that an organisation had until an instant; `was_group`: it became a legal entity then."""

    name: str
    until: datetime
    was_group: bool


def members_page(session: Session, organisation_id: UUID, actor: Actor, now: datetime) -> MembersPage:
    """The people of an organisation, as much as the actor may know of them."""
    seen = organisation_seen(session, organisation_id, actor, Action.MEMBERS_READ)
    manages = allowed(actor, Action.MEMBERS_HISTORY, seen)
    return MembersPage(
        seen=seen,
        members=members_of(session, organisation_id),
        former=former_members_of(session, organisation_id) if manages else [],
        invitations=open_invitations(session, organisation_id, now) if manages else [],
        requests=open_requests(session, organisation_id) if manages else [],
    )


def members_of(session: Session, organisation_id: UUID) -> list[Member]:
    """Each member once, with the tie that allows most: those who represent it first, then by name."""
    found: dict[UUID, Member] = {}
    for member in _memberships(session, organisation_id, TieRow.until.is_(None)):
        held = found.get(member.person.id)
        if held is None or BY_STRENGTH.index(member.tie) < BY_STRENGTH.index(held.tie):
            found[member.person.id] = member
    return sorted(found.values(), key=lambda each: (BY_STRENGTH.index(each.tie), each.person.name, each.person.id))


def former_members_of(session: Session, organisation_id: UUID) -> list[Member]:
    """Every place that is over, the last one to end first."""
    ended = _memberships(session, organisation_id, TieRow.until.is_not(None))
    return sorted(ended, key=lambda each: (each.until or each.since, each.since), reverse=True)


def _memberships(session: Session, organisation_id: UUID, when: ColumnElement[bool]) -> list[Member]:
    query = (
        select(Person, TieRow.tie, TieRow.since, TieRow.until)
        .join(TieRow, TieRow.person_id == Person.id)
        .where(TieRow.object_id == organisation_id, TieRow.tie.in_(MEMBER_TIES), when)
        .order_by(TieRow.since, TieRow.id)
    )
    return [Member(person, tie, since, until) for person, tie, since, until in session.execute(query)]


def ties_of_member(session: Session, organisation_id: UUID, person_id: UUID) -> list[Tie]:
    """What somebody is in an organisation now, the strongest first; empty for whoever is no member."""
    query = select(TieRow.tie).where(
        TieRow.object_id == organisation_id,
        TieRow.person_id == person_id,
        TieRow.tie.in_(MEMBER_TIES),
        TieRow.until.is_(None),
    )
    return sorted(session.scalars(query), key=BY_STRENGTH.index)


def joined_among(session: Session, organisation_ids: Iterable[UUID], person_id: UUID | None) -> set[UUID]:
    """Those of these organisations to which somebody belongs now."""
    query = select(TieRow.object_id).where(TieRow.object_id.in_(set(organisation_ids)), TieRow.person_id == person_id)
    return set(session.scalars(query.where(TieRow.tie.in_(MEMBER_TIES), TieRow.until.is_(None))))


def representatives(session: Session, organisation_id: UUID, *, besides: UUID | None = None) -> list[Person]:
    """Those with an open account who represent it, without one of them."""
    owners = [each.person for each in members_of(session, organisation_id) if each.tie is Tie.OWNER]
    return [person for person in owners if person.disabled_at is None and person.id != besides]


def open_invitations(session: Session, organisation_id: UUID, now: datetime) -> Sequence[Invitation]:
    """The invitations whose links still lead in, newest first."""
    query = select(Invitation).where(Invitation.organisation_id == organisation_id, *_not_used())
    query = query.where(Invitation.expires_at > now).options(joinedload(Invitation.inviter))
    return session.scalars(query.order_by(Invitation.made_at.desc(), Invitation.id.desc())).all()


def unused_invitations(
    session: Session, organisation_id: UUID, *, email: str | None = None, invited_by: UUID | None = None
) -> Sequence[Invitation]:
    """Invitations neither accepted nor withdrawn, expired ones too: of one address, or made by one person."""
    query = select(Invitation).where(Invitation.organisation_id == organisation_id, *_not_used())
    if email is not None:
        query = query.where(Invitation.email == email)
    if invited_by is not None:
        query = query.where(Invitation.invited_by == invited_by)
    return session.scalars(query.order_by(Invitation.id)).all()


def _not_used() -> tuple[ColumnElement[bool], ...]:
    return Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)


def invitations_sent_lately(session: Session, organisation_id: UUID, person_id: UUID | None, now: datetime) -> int:
    """How many the organisation, or this person anywhere, sent within the hour."""
    by_either = or_(Invitation.organisation_id == organisation_id, Invitation.invited_by == person_id)
    query = select(func.count(Invitation.id)).where(by_either, Invitation.made_at > now - COUNTED_WITHIN)
    return int(session.scalar(query) or 0)


def invitation_by_token(session: Session, token: str) -> Invitation:
    """The invitation that this link opens, used or not; NotFound for any other text."""
    query = select(Invitation).where(Invitation.token_hash == token_hash(token))
    query = query.options(joinedload(Invitation.organisation), joinedload(Invitation.inviter))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def invitation_page(session: Session, token: str, actor: Actor, now: datetime) -> InvitationPage:
    """What whoever holds a link sees of the invitation; NotFound for any other text."""
    invitation = invitation_by_token(session, token)
    person = None if actor.is_anonymous else session.get(Person, actor.person_id)
    is_void = not inviter_still_may(session, invitation)
    return InvitationPage(
        invitation=invitation,
        is_open=invitation.is_open(now) and not is_void,
        is_void=is_void,
        is_member=person is not None and bool(ties_of_member(session, invitation.organisation_id, person.id)),
        email=person.email if person else None,
    )


def inviter_still_may(session: Session, invitation: Invitation) -> bool:
    """Whether whoever sent an invitation still represents the organisation, with an open account."""
    return invitation.invited_by in {person.id for person in representatives(session, invitation.organisation_id)}


def invitation_of(session: Session, organisation_id: UUID, invitation_id: UUID) -> Invitation:
    """One invitation of this very organisation, or NotFound."""
    found = session.get(Invitation, invitation_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound
    return found


def open_requests(session: Session, organisation_id: UUID) -> Sequence[JoinRequest]:
    """Who asks to be let into an organisation, the longest waiting first."""
    query = select(JoinRequest).where(JoinRequest.organisation_id == organisation_id, JoinRequest.decided_at.is_(None))
    query = query.options(joinedload(JoinRequest.person))
    return session.scalars(query.order_by(JoinRequest.asked_at, JoinRequest.id)).all()


def request_of(session: Session, organisation_id: UUID, request_id: UUID) -> JoinRequest:
    """One request to this very organisation, or NotFound."""
    found = session.get(JoinRequest, request_id, populate_existing=True)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound
    return found


def open_request(session: Session, organisation_id: UUID, person_id: UUID) -> JoinRequest | None:
    """The request of this person to this organisation that waits, if any."""
    query = select(JoinRequest).where(
        JoinRequest.organisation_id == organisation_id,
        JoinRequest.person_id == person_id,
        JoinRequest.decided_at.is_(None),
    )
    return session.scalars(query).one_or_none()


def requests_made_lately(session: Session, person_id: UUID, event: str, now: datetime) -> int:
    """How often somebody asked within the hour, whether or not what they named exists: as the trail tells."""
    query = select(func.count(AuditEvent.id)).where(
        AuditEvent.subject_type == Person.__tablename__,
        AuditEvent.subject_id == person_id,
        AuditEvent.event == event,
        AuditEvent.at > now - COUNTED_WITHIN,
    )
    return int(session.scalar(query) or 0)


def organisations_meant(session: Session, *, fiscal_code: str | None, name: str) -> Sequence[Organisation]:
    """The organisation with this code; without a code the informal groups of exactly this name, a few at most."""
    if fiscal_code is not None:
        return session.scalars(select(Organisation).where(Organisation.fiscal_code == fiscal_code)).all()
    query = select(Organisation).where(
        Organisation.kind == OrganisationKind.INFORMAL_GROUP,
        func.lower(Organisation.name) == func.lower(name),
        Organisation.email.not_like(f"%{NOWHERE}"),
    )
    return session.scalars(query.order_by(Organisation.created_at, Organisation.id).limit(MOST_OF_ONE_NAME)).all()


def earlier_names(session: Session, organisation_id: UUID) -> list[EarlierName]:
    """The names an organisation had, the last one first: of the group it was, and those its people corrected."""
    query = select(AuditEvent).where(
        AuditEvent.subject_type == Organisation.__tablename__,
        AuditEvent.subject_id == organisation_id,
        AuditEvent.event.in_((BECAME_ENTITY, Action.ORGANISATION_EDIT.value)),
    )
    return [
        EarlierName(event.before["name"], event.at, event.event == BECAME_ENTITY)
        for event in session.scalars(query.order_by(AuditEvent.sequence.desc()))
        if event.before and event.before.get("name")
    ]
