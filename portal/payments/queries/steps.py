"""What payments ask of people: the recipient, the officer, the maker and the checker."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Role, Tie
from portal.access.queries import MEMBER_TIES
from portal.core.actor import Actor
from portal.core.i18n import _, ngettext
from portal.grants.models import Grant
from portal.grants.rules import end_of_day
from portal.notices.rules import DueStep
from portal.payments.models import Tranche
from portal.payments.queries.facts import standing_of
from portal.payments.queries.finance import visible
from portal.payments.rules import PASSED, PAYABLE_GRANTS, RELEASED, TrancheStatus

STAFF_STEPS = (
    (Role.OFFICER, TrancheStatus.REQUESTED),
    (Role.FINANCE_MAKER, TrancheStatus.VERIFIED),
    (Role.FINANCE_APPROVER, TrancheStatus.PROPOSED),
    (Role.FINANCE_MAKER, TrancheStatus.APPROVED),
    (Role.FINANCE_MAKER, TrancheStatus.ORDERED),
    (Role.FINANCE_MAKER, TrancheStatus.FAILED),
    (Role.FINANCE_APPROVER, TrancheStatus.FAILED),
)


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """Tranches the actor can ask for, and those that wait for the actor's role."""
    return [*_to_request(session, actor, now), *_for_staff(session, actor)]


def _to_request(session: Session, actor: Actor, now: datetime) -> Iterable[DueStep]:
    owned = actor.objects_tied_as(Tie.OWNER)
    if not owned:
        return
    query = (
        select(Tranche)
        .join(Grant, Grant.id == Tranche.grant_id)
        .where(Grant.organisation_id.in_(owned), Grant.status.in_(PAYABLE_GRANTS))
        .options(
            joinedload(Tranche.grant).options(
                joinedload(Grant.application), joinedload(Grant.call), joinedload(Grant.organisation),
                joinedload(Grant.agreements),
            ),
            joinedload(Tranche.milestone),
        )
        .order_by(Tranche.grant_id, Tranche.number)
    )  # fmt: skip
    first: dict[UUID, Tranche] = {}
    for tranche in session.scalars(query).unique():
        if tranche.status not in PASSED:
            first.setdefault(tranche.grant_id, tranche)
    waiting = [tranche for tranche in first.values() if tranche.status is TrancheStatus.PLANNED]
    standings = standing_of(session, waiting, now) if waiting else {}
    for tranche in waiting:
        if not standings[tranche.id].closed:
            yield DueStep(
                what=_("Ask for tranche %(number)s", number=tranche.number),
                button=_("Open"),
                path=f"/tranches/{tranche.id}",
                why=tranche.note or _("Every condition is met: the money can be asked for."),
                place=tranche.grant.application.title,
            )


def _for_staff(session: Session, actor: Actor) -> Iterable[DueStep]:
    mine = frozenset(authority for role, _state in STAFF_STEPS for authority in actor.authorities_as(role))
    if not mine:
        return
    counted = (
        select(Tranche.authority_id, Tranche.status, func.count(Tranche.id), func.min(Tranche.due_on))
        .join(Grant, Grant.id == Tranche.grant_id)
        .where(*visible(actor), Tranche.authority_id.in_(mine), *_not_ones_own(actor))
        .group_by(Tranche.authority_id, Tranche.status)
    )
    found = {(authority, status): (count, due) for authority, status, count, due in session.execute(counted)}
    for role, status in STAFF_STEPS:
        places = [found[key] for authority in actor.authorities_as(role) if (key := (authority, status)) in found]
        if waiting := sum(count for count, _due in places):
            yield DueStep(
                what=_what(status, waiting),
                button=_("Open"),
                path=f"/finance?status={status.value}",
                by=_soonest([due for _count, due in places]),
            )


def _not_ones_own(actor: Actor) -> list[ColumnElement[bool]]:
    """Nobody approves what they proposed, sends again what they said had failed, or pays their own (P10)."""
    own = {tied for tie, tied in actor.ties if tie in MEMBER_TIES}
    mine = and_(
        or_(Tranche.status != TrancheStatus.PROPOSED, Tranche.proposed_by != actor.person_id),
        or_(Tranche.status != TrancheStatus.FAILED, Tranche.failed_by.is_(None), Tranche.failed_by != actor.person_id),
    )
    moving = or_(Grant.status.in_(PAYABLE_GRANTS), Tranche.status.in_(RELEASED))
    return [mine, moving, Grant.organisation_id.not_in(own)] if own else [mine, moving]


def _soonest(days: list[date | None]) -> datetime | None:
    known = [day for day in days if day is not None]
    return end_of_day(min(known)) if known else None


def _what(status: TrancheStatus, waiting: int) -> str:
    match status:
        case TrancheStatus.REQUESTED:
            return str(ngettext("%(num)d tranche to verify", "%(num)d tranches to verify", waiting))
        case TrancheStatus.VERIFIED:
            return str(ngettext("%(num)d payment to propose", "%(num)d payments to propose", waiting))
        case TrancheStatus.PROPOSED:
            return str(ngettext("%(num)d payment to approve", "%(num)d payments to approve", waiting))
        case TrancheStatus.APPROVED:
            return str(ngettext("%(num)d payment to send to the bank", "%(num)d payments to send to the bank", waiting))
        case TrancheStatus.ORDERED:
            return str(ngettext("%(num)d payment to record", "%(num)d payments to record", waiting))
        case _:
            return str(ngettext("%(num)d payment that failed", "%(num)d payments that failed", waiting))
