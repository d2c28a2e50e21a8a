"""Drawing the plan of tranches when an agreement comes into force."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.grants.models import Grant
from portal.grants.rules import GrantActivated
from portal.grants.tranches import tranche_amounts
from portal.milestones.models import Milestone
from portal.payments.models import Tranche
from portal.payments.operations.accounts import grant_accounts


def plan_tranches(session: Session, event: GrantActivated) -> None:
    """Draw the tranches of a grant from its call's templates; their cents sum exactly to the award."""
    grant = session.get_one(Grant, event.grant_id)
    if session.scalars(select(Tranche.id).where(Tranche.grant_id == grant.id)).first() is not None:
        return
    templates = grant.call.design.tranches
    amounts = tranche_amounts(grant.awarded_cents, templates)
    milestones = dict(session.execute(select(Milestone.key, Milestone.id).where(Milestone.grant_id == grant.id)).all())
    grant_accounts(session, grant=grant, now=event.at)
    for number, (template, cents) in enumerate(zip(templates, amounts, strict=True), start=1):
        tranche = Tranche(
            authority_id=grant.authority_id,
            grant_id=grant.id,
            milestone_id=milestones.get(template.milestone or ""),
            number=number,
            key=template.key,
            name=template.name,
            amount_cents=cents,
            gates=[gate.value for gate in template.gates],
            status_at=event.at,
        )
        session.add(tranche)
        record(session, at=event.at, actor=SYSTEM, event="tranche.planned", subject=tranche, after={"cents": cents})
