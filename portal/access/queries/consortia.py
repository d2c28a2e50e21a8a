"""Consortia: who leads and who takes part, who is asked to, and who is paid for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import ConsortiumPartner, Organisation
from portal.access.queries.organisations import OrganisationSeen, organisation_seen
from portal.access.rules import PartnerRole
from portal.access.rules.consortia import PartnersShown, Remark
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.events import announce


@dataclass(frozen=True, slots=True)
class PartnersPage:
    """The organisations of a consortium: those that agreed, the lead first, those that were asked, those that left."""

    seen: OrganisationSeen
    partners: list[ConsortiumPartner]
    asked: list[ConsortiumPartner]
    former: list[ConsortiumPartner]
    remarks: Sequence[Remark] = ()

    @property
    def organisation(self) -> Organisation:
        """The consortium itself."""
        return self.seen.organisation


@dataclass(frozen=True, slots=True)
class ConsortiaPage:
    """The consortia of one organisation: those it takes part in, and those it is asked into."""

    seen: OrganisationSeen
    places: Sequence[ConsortiumPartner]

    @property
    def organisation(self) -> Organisation:
        """The organisation that takes part."""
        return self.seen.organisation


def partners_page(session: Session, consortium_id: UUID, actor: Actor) -> PartnersPage:
    """The organisations of a consortium, for whoever may open its page; NotFound for what is no consortium."""
    seen = organisation_seen(session, consortium_id, actor)
    if not seen.organisation.is_consortium:
        raise NotFound
    query = select(ConsortiumPartner).where(ConsortiumPartner.consortium_id == consortium_id)
    query = query.options(joinedload(ConsortiumPartner.organisation))
    rows = session.scalars(query.order_by(ConsortiumPartner.role, ConsortiumPartner.since, ConsortiumPartner.id)).all()
    partners = [row for row in rows if row.until is None and row.agreed_at is not None]
    shown = PartnersShown(consortium_id, partners, actor)
    announce(session, shown)
    return PartnersPage(
        seen=seen,
        partners=partners,
        remarks=shown.found,
        asked=[row for row in rows if row.until is None and row.agreed_at is None],
        former=[row for row in rows if row.until is not None and row.agreed_at is not None],
    )


def consortia_page(session: Session, organisation_id: UUID, actor: Actor) -> ConsortiaPage:
    """The consortia of an organisation, for whoever may open its page."""
    seen = organisation_seen(session, organisation_id, actor)
    if seen.organisation.is_consortium:
        raise NotFound
    query = _live_places().where(ConsortiumPartner.organisation_id == organisation_id)
    query = query.options(joinedload(ConsortiumPartner.consortium).selectinload(Organisation.partners))
    return ConsortiaPage(seen, session.scalars(query.order_by(ConsortiumPartner.since, ConsortiumPartner.id)).all())


def place_in(session: Session, consortium_id: UUID, organisation_id: UUID) -> ConsortiumPartner:
    """The place of an organisation in a consortium, asked or agreed, as the database has it now; or NotFound."""
    query = _live_places().where(
        ConsortiumPartner.consortium_id == consortium_id, ConsortiumPartner.organisation_id == organisation_id
    )
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def live_places(session: Session, consortium_id: UUID) -> Sequence[ConsortiumPartner]:
    """Every organisation of a consortium, asked or agreed, the lead first."""
    query = _live_places().where(ConsortiumPartner.consortium_id == consortium_id)
    return session.scalars(query.order_by(ConsortiumPartner.role, ConsortiumPartner.id)).all()


def consortia_of(session: Session, organisation_id: UUID) -> list[UUID]:
    """The consortia that an organisation takes part in."""
    query = _live_places().where(
        ConsortiumPartner.organisation_id == organisation_id, ConsortiumPartner.agreed_at.is_not(None)
    )
    return sorted(row.consortium_id for row in session.scalars(query))


def lead_of(session: Session, consortium_id: UUID) -> ConsortiumPartner:
    """The organisation that leads a consortium."""
    query = _live_places().where(
        ConsortiumPartner.consortium_id == consortium_id, ConsortiumPartner.role == PartnerRole.LEAD
    )
    return session.scalars(query.options(joinedload(ConsortiumPartner.organisation))).one()


def payee_of(session: Session, organisation: Organisation) -> Organisation:
    """Who is paid for an organisation: the lead for a consortium, itself for any other."""
    return lead_of(session, organisation.id).organisation if organisation.is_consortium else organisation


def leads_of(session: Session, organisations: Iterable[Organisation]) -> dict[UUID, ConsortiumPartner]:
    """Who leads each consortium among these organisations, by its key; no statement where there is none."""
    consortia = {each.id for each in organisations if each.is_consortium}
    if not consortia:
        return {}
    query = _live_places().where(
        ConsortiumPartner.consortium_id.in_(consortia), ConsortiumPartner.role == PartnerRole.LEAD
    )
    query = query.options(joinedload(ConsortiumPartner.organisation), joinedload(ConsortiumPartner.consortium))
    return {row.consortium_id: row for row in session.scalars(query)}


def partners_of(session: Session, organisations: Iterable[Organisation]) -> dict[UUID, list[Organisation]]:
    """The organisations of each consortium among these, the lead first; no statement where there is none."""
    consortia = {each.id for each in organisations if each.is_consortium}
    if not consortia:
        return {}
    query = _live_places().where(
        ConsortiumPartner.consortium_id.in_(consortia), ConsortiumPartner.agreed_at.is_not(None)
    )
    query = query.options(joinedload(ConsortiumPartner.organisation))
    query = query.order_by(ConsortiumPartner.role, ConsortiumPartner.agreed_at, ConsortiumPartner.id)
    found: dict[UUID, list[Organisation]] = {}
    for place in session.scalars(query):
        found.setdefault(place.consortium_id, []).append(place.organisation)
    return found


def _live_places() -> Select[ConsortiumPartner]:
    return select(ConsortiumPartner).where(ConsortiumPartner.until.is_(None))
