"""Who a grant is paid to, what was answered about their tax debts, and whether tax is withheld from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Organisation
from portal.access.policy import Action, authorise
from portal.access.queries.consortia import leads_of
from portal.core.actor import Actor
from portal.grants.models import ActivityFinding, Grant
from portal.grants.queries import grant_to_read
from portal.payments.taxes.models import TaxDebtCheck


@dataclass(frozen=True, slots=True)
class TaxPage:
    """Everything the page of taxes shows; `is_undertaking` is None until the office decided."""

    grant: Grant
    payee: Organisation
    answers: Sequence[TaxDebtCheck]
    is_undertaking: bool | None


def payee_of_grant(session: Session, grant: Grant) -> Organisation:
    """The lead of a consortium, else the recipient itself."""
    lead = leads_of(session, [grant.organisation]).get(grant.organisation_id)
    return session.get_one(Organisation, lead.organisation_id) if lead else grant.organisation


def tax_page(session: Session, grant_id: UUID, actor: Actor) -> TaxPage:
    """The answers about whoever this grant is paid to, the newest first."""
    grant = grant_to_read(session, actor, grant_id)
    authorise(actor, Action.TAX_CHECK_READ, grant)
    payee = payee_of_grant(session, grant)
    answers = (
        select(TaxDebtCheck)
        .where(TaxDebtCheck.organisation_id == payee.id, TaxDebtCheck.authority_id == grant.authority_id)
        .options(joinedload(TaxDebtCheck.recorder))
        .order_by(TaxDebtCheck.checked_on.desc(), TaxDebtCheck.id.desc())
    )
    found = select(ActivityFinding.is_undertaking).where(ActivityFinding.organisation_id == payee.id)
    newest = found.order_by(ActivityFinding.found_at.desc(), ActivityFinding.id.desc()).limit(1)
    return TaxPage(grant, payee, session.scalars(answers).all(), session.scalars(newest).one_or_none())
