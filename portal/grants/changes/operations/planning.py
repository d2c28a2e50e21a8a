"""Keeping the plan: its first version when the agreement comes into force, a further one with each change."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.calls.rules import MilestoneTemplate
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.i18n import in_language
from portal.grants.changes.budget import budget_of
from portal.grants.changes.queries.plans import plan_in_force
from portal.grants.changes.rules import Change, Partner, Plan, PlannedMilestone, PlannedTarget, PlannedTranche, folded
from portal.grants.changes.rules.stored import change_to_json, plan_to_json
from portal.grants.models import Grant, PlanVersion
from portal.grants.rules import GrantActivated, local_day, months_after
from portal.grants.tranches import tranche_amounts


def draw_plan(session: Session, event: GrantActivated) -> None:
    """The agreement is in force: its plan is the first version."""
    first_version(session, grant=session.get_one(Grant, event.grant_id), actor=SYSTEM, now=event.at)


def first_version(session: Session, *, grant: Grant, actor: Actor, now: datetime) -> PlanVersion:
    """The version in force; the first one is drawn from call and application where there is none."""
    found = plan_in_force(session, grant.id)
    return found or _store(session, grant, plan=_drawn(grant, local_day(now)), number=1, actor=actor, now=now)


def next_version(
    session: Session, *, grant: Grant, change: Change, actor: Actor, now: datetime, amendment_id: UUID | None = None
) -> PlanVersion:
    """Put a change in force from now on. Raises Invalid where it does not fit the plan in force."""
    before = first_version(session, grant=grant, actor=actor, now=now)
    return _store(
        session, grant, plan=folded(before.plan, change), number=before.number + 1, change=change,
        amendment_id=amendment_id, actor=actor, now=max(now, before.in_force_from),
    )  # fmt: skip


def _store(
    session: Session, grant: Grant, *, plan: Plan, number: int, actor: Actor, now: datetime,
    change: Change | None = None, amendment_id: UUID | None = None,
) -> PlanVersion:  # fmt: skip
    told = change_to_json(change) if change else {}
    version = PlanVersion(
        grant_id=grant.id, number=number, in_force_from=now, content=plan_to_json(plan), change=told,
        amendment_id=amendment_id, made_by=actor.person_id,
    )  # fmt: skip
    session.add(version)
    session.flush()
    record(session, at=now, actor=actor, event="grant.plan", subject=grant, after={"version": number, "change": told})
    return version


def _drawn(grant: Grant, today: date) -> Plan:
    """As milestones and tranches are drawn in the same moment: from the templates of the call."""
    design, first = grant.call.design, grant.starts_on or today
    amounts = tranche_amounts(grant.awarded_cents, design.tranches)
    sent = grant.application.submissions
    return Plan(
        starts_on=first, ends_on=grant.ends_on, granted_cents=grant.granted_cents,
        budget=budget_of(sent[-1].content, design) if sent else (),
        milestones=tuple(
            PlannedMilestone(
                each.key, in_language(each.title, "it")[:200], months_after(first, each.month), each.weight,
                _targets(each),
            )
            for each in design.milestones
        ),
        tranches=tuple(
            PlannedTranche(each.key, each.name, cents) for each, cents in zip(design.tranches, amounts, strict=True)
        ),
        partners=tuple(
            Partner(place.organisation.name, place.organisation.fiscal_code or "")
            for place in grant.organisation.partners
            if not place.is_lead
        ) if grant.organisation.is_consortium else (),
    )  # fmt: skip


def _targets(milestone: MilestoneTemplate) -> tuple[PlannedTarget, ...]:
    return tuple(PlannedTarget(each.key, each.name, int(each.target * 100), each.unit) for each in milestone.indicators)
