"""Asking to be let into an organisation: the answer of the form never tells whether it is here."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import JoinRequest, Organisation, Person
from portal.access.operations.members import AlreadyMember, admit, hold_own_members
from portal.access.policy import Action, Tie
from portal.access.queries import MEMBER_TIES, actor_of
from portal.access.queries.members import (
    open_request,
    organisations_meant,
    request_of,
    requests_made_lately,
    ties_of_member,
)
from portal.access.queries.organisations import hold_organisation
from portal.access.rules.identifiers import valid_fiscal_code
from portal.access.rules.members import LONGEST_MESSAGE, MOST_REQUESTS, MembershipAnswered, MembershipAsked
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid, TooMany
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.jobs import enqueue, handler
from portal.core.mail import send_mail
from portal.core.text import clean_line

ASK_JOB = "access.ask_members"
LIKE_A_CODE = re.compile(r"\d{11}|[A-Z]{6}[0-9A-Z]{10}", re.IGNORECASE)


class AskedTooOften(TooMany):
    """So many requests in an hour are enough for one person."""

    default = lazy_("You asked five times within an hour: wait for the answers, or try again later.")


class AlreadyDecided(Conflict):
    """Somebody else of the organisation was quicker."""

    default = lazy_("This request was decided already. Reload the page.")


def ask_to_join(session: Session, *, organisation: str, message: str, actor: Actor, now: datetime) -> None:
    """Ask the people of the organisation with this codice fiscale, or of the informal groups of exactly this name.

    Nothing is looked up here, so that no answer tells, by its words or its time, who is registered. Raises Invalid,
    AskedTooOften.
    """
    if actor.person_id is None:
        raise Forbidden
    meant, why = clean_line(organisation), clean_line(message)
    if not meant:
        raise Invalid(lazy_("Write the codice fiscale of the organisation, or the name of the group."), "organisation")
    if not why or len(why) > LONGEST_MESSAGE:
        raise Invalid(lazy_("Say who you are, in at most 500 characters: they decide by it."), "message")
    code = _code_in(meant)
    person = session.get_one(Person, actor.person_id, with_for_update=True)
    if requests_made_lately(session, person.id, Action.MEMBERSHIP_ASK, now) >= MOST_REQUESTS:
        raise AskedTooOften
    record(session, at=now, actor=actor, event=Action.MEMBERSHIP_ASK, subject=person, after={"asked": code or meant})
    enqueue(session, ASK_JOB, now=now, person_id=person.id, fiscal_code=code, name=meant, message=why)


@handler(ASK_JOB)
def ask_members(
    session: Session, *, now: datetime, person_id: str, fiscal_code: str | None, name: str, message: str
) -> None:
    """Put the request before whom it is meant for; whoever belongs already, or asked already, asks nothing more."""
    person = session.get_one(Person, UUID(person_id))
    for organisation in organisations_meant(session, fiscal_code=fiscal_code, name=name):
        hold_organisation(session, organisation.id)
        if person.disabled_at is None and _is_a_stranger(session, organisation, person):
            _ask(session, organisation, person, message, now)


def accept_request(
    session: Session, *, organisation_id: UUID, request_id: UUID, tie_given: Tie, actor: Actor, now: datetime
) -> JoinRequest:
    """Let somebody in with a role. Raises AlreadyDecided, AlreadyMember, or what an upper room refuses a member for."""
    organisation = hold_own_members(session, organisation_id=organisation_id, actor=actor, action=Action.MEMBERS_MANAGE)
    request = _waiting(session, organisation, request_id)
    if tie_given not in MEMBER_TIES:
        raise Invalid(lazy_("Choose a role from the list."), "tie")
    if request.person.disabled_at is not None:
        raise Conflict(lazy_("This person has closed the account: refuse the request."))
    if ties_of_member(session, organisation.id, request.person_id):
        raise AlreadyMember
    admit(session, organisation=organisation, person_id=request.person_id, tie_given=tie_given, asks=False,
          actor=actor, now=now)  # fmt: skip
    after = {"person": request.person_id, "tie": tie_given, "request": request.id}
    record(session, at=now, actor=actor, event="join_request.accepted", subject=organisation, after=after)
    _answer(session, organisation, request, now, is_accepted=True)
    return request


def refuse_request(
    session: Session, *, organisation_id: UUID, request_id: UUID, actor: Actor, now: datetime
) -> JoinRequest:
    """Do not let somebody in; they are told, without a reason. Raises AlreadyDecided."""
    organisation = hold_own_members(session, organisation_id=organisation_id, actor=actor, action=Action.MEMBERS_MANAGE)
    request = _waiting(session, organisation, request_id)
    request.decided_by, request.decided_at, request.accepted = actor.person_id, now, False
    after = {"person": request.person_id, "request": request.id}
    record(session, at=now, actor=actor, event="join_request.refused", subject=organisation, after=after)
    _answer(session, organisation, request, now, is_accepted=False)
    return request


def _code_in(text: str) -> str | None:
    """The codice fiscale, checked, of what looks like one; a name has none."""
    if not LIKE_A_CODE.fullmatch(text.replace(" ", "")):
        return None
    try:
        return valid_fiscal_code(text)
    except Invalid as refusal:
        raise Invalid(refusal.message, "organisation") from None


def _is_a_stranger(session: Session, organisation: Organisation, person: Person) -> bool:
    return not ties_of_member(session, organisation.id, person.id) and (
        open_request(session, organisation.id, person.id) is None
    )


def _ask(session: Session, organisation: Organisation, person: Person, message: str, now: datetime) -> None:
    request = JoinRequest(organisation_id=organisation.id, person_id=person.id, message=message, asked_at=now)
    session.add(request)
    session.flush()
    after = {"person": person.id, "request": request.id}
    asking = actor_of(session, person, now)
    record(session, at=now, actor=asking, event="join_request.made", subject=organisation, after=after)
    announce(session, MembershipAsked(organisation_id=organisation.id, person_id=person.id, at=now))


def _waiting(session: Session, organisation: Organisation, request_id: UUID) -> JoinRequest:
    request = request_of(session, organisation.id, request_id)
    if request.decided_at is not None:
        raise AlreadyDecided
    return request


def _answer(
    session: Session, organisation: Organisation, request: JoinRequest, now: datetime, *, is_accepted: bool
) -> None:
    person = request.person
    send_mail(
        session, to=person.email, template="access/join_answered", locale=person.locale, now=now, person=person,
        organisation=organisation, is_accepted=is_accepted, path=f"/organisations/{organisation.id}",
    )  # fmt: skip
    announce(session, MembershipAnswered(organisation.id, person.id, is_accepted, now))
