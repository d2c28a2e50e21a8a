"""Consortia (ATS): formed by whoever represents the lead, joined by agreement, led by another only by agreement."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import ConsortiumPartner, Organisation
from portal.access.operations.members import KeptApart
from portal.access.operations.organisations import know_organisation
from portal.access.policy import Action
from portal.access.queries.consortia import lead_of, live_places, place_in
from portal.access.queries.members import members_of
from portal.access.queries.organisations import (
    authorities_that_know,
    hold_organisation,
    organisation_by_fiscal_code,
    organisation_seen,
)
from portal.access.rules import LegalForm, OrganisationKind, PartnerRole
from portal.access.rules.consortia import MOST_PARTNERS, ConsortiumChanged, ConsortiumNews
from portal.access.rules.identifiers import valid_fiscal_code
from portal.access.rules.members import MemberJoining
from portal.access.ties import renew_consortium
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.unit_of_work import violation

SEAT = ("email", "pec", "phone", "address", "postal_code", "city", "province", "district", "representative_name",
        "representative_id")  # fmt: skip
"""What a consortium begins with: how its lead is reached, and who represents it."""


class OnlyEntitiesLead(Conflict):
    """The mandate and the money need somebody who can hold them."""

    default = lazy_("Only a legal entity can lead a consortium or take part in one: first record yours.")


class TakesPartAlready(Invalid):
    """One place for each organisation."""

    default = lazy_("This organisation takes part already, or was asked to.")


class LeadStays(Conflict):
    """The lead goes only once another leads."""

    default = lazy_("The organisation that leads cannot leave: offer the lead to a partner first.")


class SomebodyKeptApart(KeptApart):
    """One member of a partner must stay apart from the consortium; nobody else reads who, or why."""

    default = lazy_(
        "Somebody who belongs to your organisation cannot become a member of the consortium now: a rule keeps those who"
        " apply and those who decide, pay or accompany apart. Ask the office."
    )


violation("uq_consortium_partner_live", lambda: TakesPartAlready(field="fiscal_code"))


def form_consortium(session: Session, *, lead_id: UUID, name: str, actor: Actor, now: datetime) -> Organisation:
    """Form a consortium that an organisation of the actor leads. Raises OnlyEntitiesLead, Invalid."""
    lead = organisation_seen(session, lead_id, actor, Action.CONSORTIUM_MANAGE).organisation
    if lead.kind is not OrganisationKind.LEGAL_ENTITY:
        raise OnlyEntitiesLead
    named = clean_line(name)
    if not named or len(named) > 200:
        raise Invalid(lazy_("Write the name of the consortium, at most 200 characters."), "name")
    hold_organisation(session, lead.id)
    consortium = Organisation(
        kind=OrganisationKind.CONSORTIUM, legal_form=LegalForm.TEMPORARY_ASSOCIATION, name=named, created_at=now,
        **{field: getattr(lead, field) for field in SEAT},
    )  # fmt: skip
    session.add(consortium)
    session.flush()
    _add(session, consortium, lead, PartnerRole.LEAD, actor, now, agreed_at=now)
    renew_consortium(session, consortium_id=consortium.id, now=now)
    after = {"name": named, "kind": consortium.kind, "lead": lead.id}
    record(session, at=now, actor=actor, event=Action.ORGANISATION_CREATE, subject=consortium, after=after)
    return consortium


def invite_partner(
    session: Session, *, consortium_id: UUID, fiscal_code: str, actor: Actor, now: datetime
) -> ConsortiumPartner:
    """Ask an organisation to take part, by its codice fiscale. Raises Invalid, TakesPartAlready."""
    consortium = _hold(session, consortium_id, actor)
    asked = organisation_by_fiscal_code(session, valid_fiscal_code(fiscal_code))
    if asked is None or asked.kind is not OrganisationKind.LEGAL_ENTITY:
        raise Invalid(
            lazy_("No organisation with this codice fiscale is registered here: ask it to register first."),
            "fiscal_code",
        )
    places = live_places(session, consortium.id)
    if asked.id in {place.organisation_id for place in places}:
        raise TakesPartAlready(field="fiscal_code")
    if len(places) > MOST_PARTNERS:
        raise Invalid(lazy_("A consortium has at most 20 partners."), "fiscal_code")
    place = _add(session, consortium, asked, PartnerRole.PARTNER, actor, now)
    _tell(session, place, ConsortiumNews.INVITED, actor, now)
    return place


def withdraw_partner(
    session: Session, *, consortium_id: UUID, organisation_id: UUID, actor: Actor, now: datetime
) -> None:
    """Take back what an organisation has not agreed to yet."""
    _hold(session, consortium_id, actor)
    place = place_in(session, consortium_id, organisation_id)
    if place.agreed_at is not None:
        raise Conflict(lazy_("This organisation has agreed already: only its own people can leave."))
    place.until = now
    _tell(session, place, ConsortiumNews.WITHDRAWN, actor, now)


def agree_to_consortium(
    session: Session, *, consortium_id: UUID, organisation_id: UUID, actor: Actor, now: datetime
) -> None:
    """Take part: the members of the organisation become members of the consortium.

    Raises whatever an upper room refuses one of them for.
    """
    place = _hold_own_place(session, consortium_id, organisation_id, actor)
    if place.agreed_at is not None:
        raise Conflict(lazy_("Your organisation has agreed already."))
    _nobody_is_kept_apart(session, place, actor, now)
    place.agreed_at, place.agreed_by = now, actor.person_id
    session.flush()
    renew_consortium(session, consortium_id=consortium_id, now=now)
    for authority_id in authorities_that_know(session, consortium_id):
        know_organisation(session, organisation_id=organisation_id, authority_id=authority_id, now=now)
    _tell(session, place, ConsortiumNews.AGREED, actor, now)


def decline_consortium(
    session: Session, *, consortium_id: UUID, organisation_id: UUID, actor: Actor, now: datetime
) -> None:
    """Do not take part."""
    place = _hold_own_place(session, consortium_id, organisation_id, actor)
    if place.agreed_at is not None:
        raise Conflict(lazy_("Your organisation has agreed already: it can leave."))
    place.until = now
    _tell(session, place, ConsortiumNews.DECLINED, actor, now)


def leave_consortium(
    session: Session, *, consortium_id: UUID, organisation_id: UUID, actor: Actor, now: datetime
) -> None:
    """Go: the members of the organisation are members of the consortium no longer. Raises LeadStays."""
    place = _hold_own_place(session, consortium_id, organisation_id, actor)
    if place.agreed_at is None:
        raise NotFound
    if place.is_lead:
        raise LeadStays
    place.until = now
    session.flush()
    renew_consortium(session, consortium_id=consortium_id, now=now)
    _tell(session, place, ConsortiumNews.LEFT, actor, now)


def offer_lead(session: Session, *, consortium_id: UUID, organisation_id: UUID, actor: Actor, now: datetime) -> None:
    """Offer a partner to lead in one's place; an offer made to another is withdrawn."""
    _hold(session, consortium_id, actor)
    place = place_in(session, consortium_id, organisation_id)
    if place.agreed_at is None or place.is_lead:
        raise Conflict(lazy_("Only a partner that has agreed can take the lead."))
    for other in live_places(session, consortium_id):
        other.lead_offered_at, other.lead_offered_by = None, None
    place.lead_offered_at, place.lead_offered_by = now, actor.person_id
    _tell(session, place, ConsortiumNews.LEAD_OFFERED, actor, now)


def refuse_lead(session: Session, *, consortium_id: UUID, organisation_id: UUID, actor: Actor, now: datetime) -> None:
    """Stay a partner."""
    place = _offered(session, consortium_id, organisation_id, actor)
    place.lead_offered_at, place.lead_offered_by = None, None
    _tell(session, place, ConsortiumNews.LEAD_REFUSED, actor, now)


def take_lead(session: Session, *, consortium_id: UUID, organisation_id: UUID, actor: Actor, now: datetime) -> None:
    """Lead from now on, as the former lead offered; that one stays as a partner, and the money goes to the new one."""
    place = _offered(session, consortium_id, organisation_id, actor)
    former = lead_of(session, consortium_id)
    consortium = former.consortium
    before = {"lead": former.organisation_id}
    place.until = former.until = now
    session.flush()
    for organisation, role in ((former.organisation, PartnerRole.PARTNER), (place.organisation, PartnerRole.LEAD)):
        _add(session, consortium, organisation, role, actor, now, agreed_at=now)
    for field in SEAT:
        setattr(consortium, field, getattr(place.organisation, field))
    consortium.version += 1
    renew_consortium(session, consortium_id=consortium.id, now=now)
    _tell(session, place, ConsortiumNews.LEAD_CHANGED, actor, now, before=before)


def _hold(session: Session, consortium_id: UUID, actor: Actor) -> Organisation:
    """A consortium that the actor represents, locked."""
    seen = organisation_seen(session, consortium_id, actor, Action.CONSORTIUM_MANAGE)
    if not seen.organisation.is_consortium:
        raise NotFound
    return hold_organisation(session, consortium_id)


def _hold_own_place(session: Session, consortium_id: UUID, organisation_id: UUID, actor: Actor) -> ConsortiumPartner:
    """The place of an organisation that the actor represents; both locked, the organisation first."""
    organisation_seen(session, organisation_id, actor, Action.CONSORTIUM_AGREE)
    hold_organisation(session, organisation_id)
    place = place_in(session, consortium_id, organisation_id)
    hold_organisation(session, consortium_id)
    session.refresh(place)
    if place.until is not None:
        raise NotFound
    return place


def _nobody_is_kept_apart(session: Session, place: ConsortiumPartner, actor: Actor, now: datetime) -> None:
    """Every member of a partner becomes one of the consortium: whoever must not keeps the partner out."""
    for member in members_of(session, place.organisation_id):
        is_asking = member.person.id == actor.person_id
        try:
            announce(session, MemberJoining(member.person.id, (place.consortium_id,), is_asking, now))
        except KeptApart:
            if is_asking:
                raise
            raise SomebodyKeptApart from None


def _offered(session: Session, consortium_id: UUID, organisation_id: UUID, actor: Actor) -> ConsortiumPartner:
    place = _hold_own_place(session, consortium_id, organisation_id, actor)
    if place.lead_offered_at is None:
        raise Conflict(lazy_("The lead is not offered to your organisation any more. Reload the page."))
    return place


def _add(
    session: Session, consortium: Organisation, organisation: Organisation, role: PartnerRole, actor: Actor,
    now: datetime, agreed_at: datetime | None = None,
) -> ConsortiumPartner:  # fmt: skip
    if actor.person_id is None:
        raise Forbidden
    place = ConsortiumPartner(
        consortium_id=consortium.id, organisation_id=organisation.id, role=role, invited_by=actor.person_id, since=now,
        agreed_at=agreed_at, agreed_by=actor.person_id if agreed_at else None,
    )  # fmt: skip
    session.add(place)
    session.flush()
    return place


def _tell(
    session: Session, place: ConsortiumPartner, what: ConsortiumNews, actor: Actor, now: datetime,
    before: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    after = {"organisation": place.organisation_id}
    record(session, at=now, actor=actor, event=f"consortium.{what}", subject=place.consortium, before=before,
           after=after)  # fmt: skip
    announce(session, ConsortiumChanged(place.consortium_id, place.organisation_id, what, actor.person_id, now))
