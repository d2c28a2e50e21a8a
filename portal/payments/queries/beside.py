"""What else is on its way to the same payee: art. 48-bis looks at what is paid, not at how it is divided."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from portal.access.models import ConsortiumPartner
from portal.access.rules import PartnerRole
from portal.grants.models import Grant
from portal.payments.models import Tranche
from portal.payments.queries.rows import fact_row
from portal.payments.rules import ON_ITS_WAY, TrancheStatus


def on_its_way(authority: UUID, payees: Iterable[UUID], today: date) -> Select[Any]:
    """Cents by payee of what this authority has released to it and not yet paid, or pays today: one row a payee."""
    lead = and_(
        ConsortiumPartner.consortium_id == Grant.organisation_id, ConsortiumPartner.role == PartnerRole.LEAD,
        ConsortiumPartner.until.is_(None),
    )  # fmt: skip
    payee = func.coalesce(ConsortiumPartner.organisation_id, Grant.organisation_id)
    counted = or_(Tranche.status.in_(ON_ITS_WAY), and_(Tranche.status == TrancheStatus.PAID, Tranche.paid_on == today))
    sums = (
        select(payee.label("payee"), func.sum(Tranche.amount_cents).label("cents"))
        .select_from(Tranche)
        .join(Grant, Grant.id == Tranche.grant_id)
        .outerjoin(ConsortiumPartner, lead)
        .where(Tranche.authority_id == authority, payee.in_(list(payees)), counted)
        .group_by(payee)
        .subquery()
    )
    return fact_row(f"beside {authority}", sums.c.payee, number=sums.c.cents)
