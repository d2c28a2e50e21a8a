"""What waits for whoever represents an organisation, and organisations left alone, as selects for other rooms.

Each has the columns `organisation_id` and `organisation`; what waits also `about` (who asks, or the consortium), `at`
and `id`, which give its order.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, case, cast, select
from sqlalchemy.orm import aliased

from portal.access.models import (
    ConsortiumPartner,
    JoinRequest,
    Organisation,
    OrganisationRegistration,
    Person,
    TieRow,
)
from portal.access.policy import Tie
from portal.access.rules import OrganisationKind

ORGANISATION = (Organisation.id.label("organisation_id"), Organisation.name.label("organisation"))


def requests_to_join(owned: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """People who ask to be let into these organisations."""
    return (
        select(*ORGANISATION, Person.name.label("about"), JoinRequest.asked_at.label("at"), JoinRequest.id)
        .select_from(JoinRequest)
        .join(Organisation, Organisation.id == JoinRequest.organisation_id)
        .join(Person, Person.id == JoinRequest.person_id)
        .where(JoinRequest.organisation_id.in_(owned), JoinRequest.decided_at.is_(None))
    )


def places_in_consortia(owned: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """Consortia that wait for the word of these organisations: to take part (`leads` 0), or to lead (`leads` 1)."""
    consortium = aliased(Organisation)
    leads = cast(case((ConsortiumPartner.agreed_at.is_(None), 0), else_=1), Integer).label("leads")
    return (
        select(
            *ORGANISATION, consortium.name.label("about"), ConsortiumPartner.since.label("at"), ConsortiumPartner.id,
            leads,
        )
        .select_from(ConsortiumPartner)
        .join(Organisation, Organisation.id == ConsortiumPartner.organisation_id)
        .join(consortium, consortium.id == ConsortiumPartner.consortium_id)
        .where(ConsortiumPartner.organisation_id.in_(owned), ConsortiumPartner.until.is_(None))
        .where(ConsortiumPartner.agreed_at.is_(None) | ConsortiumPartner.lead_offered_at.is_not(None))
    )  # fmt: skip


def unrepresented_organisations(authorities: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """Organisations known to these authorities that nobody with an open account represents."""
    owner = (
        select(TieRow.id)
        .join(Person, Person.id == TieRow.person_id)
        .where(TieRow.object_id == Organisation.id, TieRow.tie == Tie.OWNER, TieRow.until.is_(None))
        .where(Person.disabled_at.is_(None))
    )
    known = select(OrganisationRegistration.organisation_id).where(
        OrganisationRegistration.authority_id.in_(authorities)
    )
    return select(*ORGANISATION).where(
        Organisation.id.in_(known), Organisation.kind != OrganisationKind.CONSORTIUM, ~owner.exists()
    )
