"""Telling people what `access` announces of their membership and of consortia; `portal.app` subscribes these."""

from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.labels import MEMBERS
from portal.access.models import Organisation, Person
from portal.access.policy import Role, Tie
from portal.access.queries import MEMBER_TIES, people_tied, people_with_role
from portal.access.queries.consortia import lead_of
from portal.access.queries.members import ties_of_member
from portal.access.queries.organisations import authorities_that_know
from portal.access.rules.consortia import ConsortiumChanged, ConsortiumNews
from portal.access.rules.members import Membership, MembershipAnswered, MembershipAsked, MembershipChanged
from portal.core.i18n import in_both, lazy_
from portal.notices.labels import CONSORTIUM_NEWS
from portal.notices.operations import notify

TO_THE_ORGANISATION = frozenset({ConsortiumNews.INVITED, ConsortiumNews.WITHDRAWN, ConsortiumNews.LEAD_OFFERED})
"""News that whoever represents the organisation reads; of the rest, everybody who represents one of the consortium."""
TO_THE_OFFICE = frozenset({ConsortiumNews.AGREED, ConsortiumNews.LEFT, ConsortiumNews.LEAD_CHANGED})
"""News that change who applies, or who is paid."""


def tell_of_request(session: Session, event: MembershipAsked) -> None:
    """Whoever represents an organisation learns that somebody asks to be let in."""
    person = session.get_one(Person, event.person_id)
    organisation = session.get_one(Organisation, event.organisation_id)
    text = lazy_("%(person)s asks to be let into %(name)s.", person=person.name, name=organisation.name)
    owners = people_tied(session, organisation.id, [Tie.OWNER], event.at)
    path = f"/organisations/{organisation.id}/members"
    notify(session, people=[each.id for each in owners], text=in_both(text), path=path, now=event.at)


def tell_of_answer(session: Session, event: MembershipAnswered) -> None:
    """Who asked to be let in learns the answer; no page to open where it is no."""
    name = session.get_one(Organisation, event.organisation_id).name
    text = lazy_("%(name)s did not let you in.", name=name)
    if event.is_accepted:
        text = lazy_("You belong to %(name)s now.", name=name)
    path = f"/organisations/{event.organisation_id}" if event.is_accepted else "/desk"
    notify(session, people=[event.person_id], text=in_both(text), path=path, now=event.at)


def tell_of_membership(session: Session, event: MembershipChanged) -> None:
    """The person whose place changed, and whoever represents the organisation, save who did it."""
    person = session.get_one(Person, event.person_id)
    organisation = session.get_one(Organisation, event.organisation_id)
    told = MEMBER_TIES if event.what is Membership.APPOINTED else [Tie.OWNER]
    others = [each.id for each in people_tied(session, organisation.id, told, event.at) if each.id != person.id]
    path = f"/organisations/{organisation.id}/members"
    given = {"person": person.name, "name": organisation.name, "why": event.why}
    about = _words(session, event, given)
    notify(session, people=_without(others, event.by), text=in_both(about[1]), path=path, now=event.at)
    own = path if event.what not in (Membership.REMOVED, Membership.LEFT) else "/desk"
    notify(session, people=_without([person.id], event.by), text=in_both(about[0]), path=own, now=event.at)


def _words(session: Session, event: MembershipChanged, given: dict[str, str | None]) -> tuple[object, object]:
    """What the person reads, and what the others read."""
    ties = ties_of_member(session, event.organisation_id, event.person_id)
    given["role"] = MEMBERS[ties[0]] if ties else ""
    match event.what:
        case Membership.JOINED:
            return lazy_("You belong to %(name)s now.", **given), lazy_("%(person)s joined %(name)s.", **given)
        case Membership.CHANGED:
            return (
                lazy_("Your role in %(name)s is now: %(role)s.", **given),
                lazy_("The role of %(person)s in %(name)s is now: %(role)s.", **given),
            )
        case Membership.APPOINTED:
            return (
                lazy_("The administrator appointed you to represent %(name)s. Reason: %(why)s", **given),
                lazy_("The administrator appointed %(person)s to represent %(name)s. Reason: %(why)s", **given),
            )
        case Membership.REMOVED:
            return (
                lazy_("You do not belong to %(name)s any more.", **given),
                lazy_("%(person)s does not belong to %(name)s any more.", **given),
            )
        case _:
            return lazy_("You left %(name)s.", **given), lazy_("%(person)s left %(name)s.", **given)


def tell_of_consortium(session: Session, event: ConsortiumChanged) -> None:
    """The organisation concerned, the others of the consortium, and the offices that know it."""
    consortium = session.get_one(Organisation, event.consortium_id)
    organisation = session.get_one(Organisation, event.organisation_id)
    names = {"name": consortium.name, "organisation": organisation.name}
    names["lead"] = lead_of(session, consortium.id).organisation.name
    text = {language: said % names for language, said in in_both(CONSORTIUM_NEWS[event.what]).items()}
    path = f"/organisations/{consortium.id}/partners"
    people = people_tied(session, consortium.id, [Tie.OWNER, Tie.EDITOR], event.at)
    if event.what in TO_THE_ORGANISATION:
        people = people_tied(session, organisation.id, [Tie.OWNER], event.at)
        path = f"/organisations/{organisation.id}/consortia"
    notify(session, people=_without([each.id for each in people], event.by), text=text, path=path, now=event.at)
    if event.what in TO_THE_OFFICE:
        notify(session, people=_officers(session, consortium.id, event), text=text, path=path, now=event.at)


def _officers(session: Session, consortium_id: UUID, event: ConsortiumChanged) -> list[UUID]:
    return [
        person.id
        for authority_id in authorities_that_know(session, consortium_id)
        for person in people_with_role(session, Role.OFFICER, authority_id, event.at)
    ]


def _without(people: list[UUID], who: UUID | None) -> list[UUID]:
    return [each for each in people if each != who]
