"""Organisations and informal groups: creating them, keeping their profile right."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Organisation, OrganisationRegistration
from portal.access.operations.profile import OrganisationProfile, checked_values
from portal.access.policy import Action, Tie
from portal.access.queries import people_tied
from portal.access.queries.consortia import live_places
from portal.access.queries.organisations import hold_organisation, is_known, organisation_seen
from portal.access.queries.people import MEMBER_TIES
from portal.access.rules import LegalFactsChanged, OrganisationKind
from portal.access.rules.organisations import LEGAL_FACTS
from portal.access.ties import tie
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import announce
from portal.core.i18n import lazy_

__all__ = ["OrganisationProfile", "create_organisation", "edit_organisation", "know_organisation"]


class ChangedMeanwhile(Conflict):
    """Somebody else of the organisation saved the profile first (P4)."""

    default = lazy_(
        "Somebody else changed this profile after you opened it. Nothing was overwritten: what is different now stands"
        " beside each field. Save again to keep what you wrote."
    )


def create_organisation(session: Session, *, profile: OrganisationProfile, actor: Actor, now: datetime) -> Organisation:
    """Create an organisation or an informal group, represented by the actor. Raises Invalid on what is wrong."""
    if actor.person_id is None:
        raise Forbidden
    if profile.kind is OrganisationKind.CONSORTIUM:
        raise Invalid(lazy_("Say whether you are an organisation or an informal group."), "kind")
    values = checked_values(session, profile=profile, members={actor.person_id: actor.name}, now=now)
    if profile.kind is OrganisationKind.LEGAL_ENTITY and values["representative_name"] is None:
        values |= {"representative_name": actor.name, "representative_id": actor.person_id}
    organisation = Organisation(kind=profile.kind, created_at=now, **values)
    session.add(organisation)
    session.flush()
    tie(
        session,
        person_id=actor.person_id,
        tie=Tie.OWNER,
        object_type="organisation",
        object_id=organisation.id,
        now=now,
    )
    after = {"name": organisation.name, "kind": organisation.kind, "fiscal_code": organisation.fiscal_code}
    record(session, at=now, actor=actor, event=Action.ORGANISATION_CREATE, subject=organisation, after=after)
    return organisation


def edit_organisation(
    session: Session,
    *,
    organisation_id: UUID,
    profile: OrganisationProfile,
    version_seen: int,
    actor: Actor,
    now: datetime,
) -> Organisation:
    """Keep a profile right; its kind never changes here. Raises ChangedMeanwhile, Invalid.

    A change of what it legally is (LEGAL_FACTS) is told to the officers of the authorities that know it; what was
    published before keeps the name of then.
    """
    organisation_seen(session, organisation_id, actor, Action.ORGANISATION_EDIT)
    organisation = hold_organisation(session, organisation_id)
    if organisation.version != version_seen:
        raise ChangedMeanwhile
    people = people_tied(session, organisation_id, MEMBER_TIES, now)
    values = checked_values(
        session, profile=profile, members={person.id: person.name for person in people}, now=now, existing=organisation
    )
    before = {name: getattr(organisation, name) for name in values}
    changed = [name for name in values if values[name] != before[name]]
    if not changed:
        return organisation
    for name in changed:
        setattr(organisation, name, values[name])
    organisation.version += 1
    record(
        session, at=now, actor=actor, event=Action.ORGANISATION_EDIT, subject=organisation,
        before={name: before[name] for name in changed}, after={name: values[name] for name in changed},
    )  # fmt: skip
    if legal := tuple(name for name in LEGAL_FACTS if name in changed):
        announce(session, LegalFactsChanged(organisation_id, before["name"], legal, now))
    return organisation


def know_organisation(
    session: Session, *, organisation_id: UUID, authority_id: UUID, now: datetime, actor: Actor = SYSTEM
) -> None:
    """Let the staff of an authority reach an organisation that registered something with it.

    With a consortium they reach its organisations too: the lead is paid, and all are checked.
    """
    partners = [place.organisation_id for place in live_places(session, organisation_id) if place.agreed_at is not None]
    for each in (organisation_id, *partners):
        if not is_known(session, each, authority_id):
            known = OrganisationRegistration(organisation_id=each, authority_id=authority_id, since=now)
            session.add(known)
            session.flush()
            after = {"organisation": each, "authority": authority_id}
            record(session, at=now, actor=actor, event="organisation.known", subject=known, after=after)
