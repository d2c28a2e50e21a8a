"""What one person has to do, has under way, and should know: gathered from every room."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.access.models import Authority, Organisation
from portal.access.policy import Tie
from portal.access.queries import MEMBER_TIES, organisations_of
from portal.applications import queries as applications
from portal.applications.inbox import due as inbox
from portal.applications.messages import queries as messages
from portal.applications.models import Application
from portal.applications.queries import due_check as checking
from portal.applications.rules import ApplicationStatus
from portal.calls import queries as calls
from portal.calls.models import Call
from portal.coaching import queries as coaching
from portal.coaching.followup import queries as follow_up
from portal.coaching.maturity import queries as maturity
from portal.core.actor import Actor
from portal.desk import administration, data_protection
from portal.desk import organisations as documents
from portal.desk.rules import most_urgent_first
from portal.evaluation.queries import after_due
from portal.evaluation.queries import due as evaluation
from portal.evaluation.queries import sittings_due as sittings
from portal.grants import queries as grants
from portal.grants.changes.due import changes_due
from portal.grants.models import Grant
from portal.milestones import queries as milestones
from portal.milestones.control.due import control_asks
from portal.milestones.costs.due import cost_asks
from portal.notices import due as memberships
from portal.notices.gathering import Ask, gathered
from portal.notices.models import Notice
from portal.notices.queries import latest_notices
from portal.notices.rules import DueStep
from portal.payments import queries as payments
from portal.payments.bank import due as bank_due
from portal.payments.closing.due import asks as closing_asks
from portal.payments.day import due as books_due
from portal.payments.guarantees import due as guarantee_due
from portal.payments.irregularities.due import asks as irregularity_asks
from portal.payments.recoveries.due import asks as recovery_asks
from portal.payments.taxes import due as tax_due

Source = Callable[[Session, Actor, datetime], list[DueStep]]
SOURCES: tuple[Source, ...] = (
    calls.due_steps,
    evaluation.due_steps,
    grants.due_steps,
    coaching.due_steps,
    milestones.due_steps,
    payments.due_steps,
    administration.due_steps,
)
"""Rooms that read rows of their own to know what is due."""

Asker = Callable[[Actor, datetime], Iterator[Ask]]
ASKERS: tuple[Asker, ...] = (
    calls.asks,
    applications.asks,
    checking.asks,
    messages.asks,
    inbox.asks,
    sittings.asks,
    after_due.asks,
    grants.asks,
    grants.between_phases,
    changes_due,
    grants.missed_terms,
    coaching.asks,
    maturity.asks,
    cost_asks,
    control_asks,
    follow_up.follow_up_asks,
    bank_due.asks,
    books_due.asks,
    guarantee_due.asks,
    tax_due.asks,
    irregularity_asks,
    recovery_asks,
    closing_asks,
    memberships.asks,
    data_protection.asks,
    documents.asks,
)
"""Rooms whose lines are gathered in one statement for all of them."""

MOST_UNDER_WAY = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody belongs: in words, and the authority whose look their desk has if it is one alone."""

    words: str = ""
    authority: Authority | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's desk."""

    steps: list[DueStep]
    organisations: Sequence[Organisation]
    applications: Sequence[Application]
    grants: Sequence[tuple[Grant, Application]]
    notices: Sequence[Notice]
    place: Place | None
    """Where the person belongs, if their organisations say so."""


def desk_of(session: Session, actor: Actor, now: datetime) -> Desk:
    """Due steps most urgent first, then what is under way, then the newest notices: at most twelve statements.

    Two of them know the person, and one what their page is headed with.
    """
    steps = gathered(session, (ask for asker in ASKERS for ask in asker(actor, now)))
    steps += [step for source in SOURCES for step in source(session, actor, now)]
    mine, under_way = _own(session, actor)
    return Desk(
        steps=most_urgent_first(steps),
        organisations=mine,
        applications=[application for application, grant in under_way if grant is None],
        grants=[(grant, application) for application, grant in under_way if grant is not None],
        notices=latest_notices(session, actor),
        place=_place_of_member(actor, mine) if not actor.roles else None,
    )


def place_of(session: Session, actor: Actor) -> Place:
    """Where somebody belongs, for the head of the page: an authority, or the organisation."""
    homes = {authority for _, authority in actor.roles}
    if not homes:
        return _place_of_member(actor, organisations_of(session, actor))
    query = select(Authority).where(Authority.id.in_(homes)).order_by(Authority.name)
    found = session.scalars(query).all()
    return Place(" · ".join(each.name for each in found[:2]), found[0] if len(found) == 1 else None)


def _place_of_member(actor: Actor, mine: Sequence[Organisation]) -> Place:
    owned = actor.objects_tied_as(Tie.OWNER)
    return Place(" · ".join([each.name for each in mine if each.id in owned][:2]))


def _own(session: Session, actor: Actor) -> tuple[list[Organisation], list[tuple[Application, Grant | None]]]:
    """Organisations by name, and what they have under way: applications with the grant each became, latest first."""
    mine = {tied for tie, tied in actor.ties if tie in MEMBER_TIES}
    if not mine:
        return [], []
    newer = aliased(Application)
    latest = (
        select(newer.id)
        .where(newer.organisation_id.in_(mine), newer.status != ApplicationStatus.WITHDRAWN)
        .order_by(newer.status_at.desc(), newer.id)
        .limit(MOST_UNDER_WAY)
    )
    query = (
        select(Organisation, Application, Grant)
        .select_from(Organisation)
        .outerjoin(Application, (Application.organisation_id == Organisation.id) & Application.id.in_(latest))
        .outerjoin(Grant, Grant.application_id == Application.id)
        .where(Organisation.id.in_(mine))
        .options(joinedload(Application.call).load_only(Call.title))
        .order_by(Application.status_at.desc(), Application.id)
    )
    found = session.execute(query).all()
    organisations = sorted({row[0] for row in found}, key=lambda each: (each.name, each.id))
    return organisations, [(application, grant) for _own, application, grant in found if application is not None]
