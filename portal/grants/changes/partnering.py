"""Partners that a change of a plan promised, told on the page of the consortium itself: it moves by consent alone."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import ConsortiumPartner
from portal.access.policy import Action, allowed
from portal.access.rules.consortia import PartnersShown, Remark
from portal.core.i18n import _
from portal.grants.changes.rules import Plan
from portal.grants.models import Grant, PlanVersion
from portal.grants.rules import GrantStatus

UNDER_WAY = frozenset({GrantStatus.ACTIVE, GrantStatus.SUSPENDED, GrantStatus.CLOSING})


def tell_promised_partners(session: Session, event: PartnersShown) -> None:
    """Where the plan in force of a grant names other partners than those that agreed here, say which."""
    query = (
        select(Grant, PlanVersion)
        .join(PlanVersion, PlanVersion.grant_id == Grant.id)
        .where(Grant.organisation_id == event.consortium_id, Grant.status.in_(UNDER_WAY))
        .order_by(Grant.reference, PlanVersion.number)
    )
    plans = {grant: version.plan for grant, version in session.execute(query)}
    for grant, plan in plans.items():
        if allowed(event.actor, Action.GRANT_READ, grant):
            event.found.extend(_remarks(grant, plan, event.partners))


def _remarks(grant: Grant, plan: Plan, places: Sequence[ConsortiumPartner]) -> Iterator[Remark]:
    here = {place.organisation.name: place.organisation.fiscal_code for place in places if not place.is_lead}
    codes = {partner.fiscal_code for partner in plan.partners if partner.fiscal_code}
    names = {partner.name for partner in plan.partners}
    there = f"/grants/{grant.id}/in-force"
    for partner in plan.partners:
        if partner.name not in here and (partner.fiscal_code or "-") not in here.values():
            yield Remark(_comes(grant.reference, partner.name), there)
    for name, code in here.items():
        if name not in names and code not in codes:
            yield Remark(_goes(grant.reference, name), there)


def _comes(reference: str, name: str) -> str:
    said: str = _(
        "The plan in force of %(reference)s has %(name)s as a partner, which has not agreed here: the lead asks it to"
        " take part.", reference=reference, name=name,
    )  # fmt: skip
    return said


def _goes(reference: str, name: str) -> str:
    said: str = _(
        "%(name)s is no longer a partner in the plan in force of %(reference)s, but still takes part here: it leaves on"
        " its own page.", reference=reference, name=name,
    )  # fmt: skip
    return said
