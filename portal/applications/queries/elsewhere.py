"""Organisations that take part in several applications of one call: alone, or in consortia; points to be checked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.access.models import ConsortiumPartner, Organisation
from portal.access.queries.consortia import partners_of
from portal.applications.admission import OtherConsortium, Point, suggested_points
from portal.applications.models import Application, TakingPart
from portal.applications.rules import REGISTERED, ApplicationStatus
from portal.calls.rules import TwoConsortia

COUNTED = REGISTERED - {ApplicationStatus.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class TakesPartTwice:
    """An organisation of one application, and the other applications of the call in which it takes part."""

    organisation: Organisation
    others: list[Application]


def who_takes_part_twice(session: Session, application: Application) -> list[TakesPartTwice]:
    """Each organisation of this application that takes part in others of its call, as consortia stand now.

    For whoever decides on admissibility: some calls exclude every consortium of an organisation that is in two.
    """
    query = select(Application).where(Application.call_id == application.call_id, Application.status.in_(COUNTED))
    query = query.options(joinedload(Application.organisation, innerjoin=True)).order_by(Application.reference)
    sent = session.scalars(query).all()
    partners = partners_of(session, [each.organisation for each in (application, *sent)])
    taking: dict[Organisation, list[Application]] = {}
    for each in sent:
        if each.id != application.id:
            for organisation in _of(each, partners):
                taking.setdefault(organisation, []).append(each)
    mine = _of(application, partners)
    return [TakesPartTwice(one, taking[one]) for one in mine if one in taking]


def points_of(session: Session, application: Application) -> list[Point]:
    """What the office checks of an application, with what the portal computes of each point."""
    rule = application.design.participation.two_consortia
    others = [] if rule is TwoConsortia.ALLOWED else other_consortia(session, application)
    return suggested_points(application, others)


def other_consortia(session: Session, application: Application) -> list[OtherConsortium]:
    """The other consortia of its phase in which the organisations of this one stand, as each was sent last."""
    mine, theirs = aliased(TakingPart), aliased(TakingPart)
    query = (
        select(Organisation.name, Application)
        .select_from(mine)
        .join(theirs, (theirs.phase_id == mine.phase_id) & (theirs.organisation_id == mine.organisation_id))
        .join(Organisation, Organisation.id == mine.organisation_id)
        .join(Application, Application.id == theirs.application_id)
        .where(mine.application_id == application.id, theirs.application_id != application.id)
        .where(mine.until.is_(None), theirs.until.is_(None))
        .options(joinedload(Application.organisation, innerjoin=True))
        .order_by(Organisation.name, Application.reference)
    )
    return [
        OtherConsortium(name, each.organisation.name, each.reference) for name, each in session.execute(query).all()
    ]


def standing_elsewhere(session: Session, application: Application, rule: TwoConsortia) -> tuple[str, ...]:
    """The organisations of this consortium, as it stands now, that another one of the phase was sent with.

    None where the call does not have this `rule`.
    """
    organisation = application.organisation
    if not organisation.is_consortium or application.design.participation.two_consortia is not rule:
        return ()
    return tuple(name for _key, name in in_another(session, application.phase_id, [organisation.id], application.id))


def in_another(
    session: Session, phase_id: UUID, consortia: Collection[UUID], besides: UUID | None = None
) -> Sequence[Row[UUID, str]]:
    """The organisations of these consortia that another application of the phase was sent with: whose, and its name."""
    query = (
        select(ConsortiumPartner.consortium_id, Organisation.name)
        .join(Organisation, Organisation.id == ConsortiumPartner.organisation_id)
        .join(TakingPart, TakingPart.organisation_id == Organisation.id)
        .where(ConsortiumPartner.consortium_id.in_(consortia), ConsortiumPartner.until.is_(None))
        .where(ConsortiumPartner.agreed_at.is_not(None), TakingPart.until.is_(None))
        .where(TakingPart.phase_id == phase_id, TakingPart.application_id.is_distinct_from(besides))
    )
    return session.execute(query.order_by(Organisation.name, ConsortiumPartner.consortium_id).distinct()).all()


def not_agreed_yet(session: Session, organisation: Organisation) -> tuple[str, ...]:
    """The organisations that were asked into a consortium and have neither agreed nor declined."""
    if not organisation.is_consortium:
        return ()
    query = (
        select(Organisation.name)
        .join(ConsortiumPartner, ConsortiumPartner.organisation_id == Organisation.id)
        .where(ConsortiumPartner.consortium_id == organisation.id)
        .where(ConsortiumPartner.until.is_(None), ConsortiumPartner.agreed_at.is_(None))
    )
    return tuple(session.scalars(query.order_by(Organisation.name)))


def _of(application: Application, partners: dict[UUID, list[Organisation]]) -> Sequence[Organisation]:
    """Who applies: an organisation, or those of a consortium."""
    return partners.get(application.organisation_id, [application.organisation])
