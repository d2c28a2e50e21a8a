"""Organisations that take part in several applications of one call: alone, or in consortia."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Organisation
from portal.access.queries.consortia import partners_of
from portal.applications.models import Application
from portal.applications.rules import REGISTERED, ApplicationStatus

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


def _of(application: Application, partners: dict[UUID, list[Organisation]]) -> Sequence[Organisation]:
    """Who applies: an organisation, or those of a consortium."""
    return partners.get(application.organisation_id, [application.organisation])
