"""The office's page of who scores what: loads and terms of each evaluator, the open plan, what lacks somebody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from portal.access.models import Organisation, Person
from portal.applications.models import Application
from portal.calls.models import Call, Phase
from portal.core.actor import Actor
from portal.evaluation.distribution import (
    Desk,
    DistributionStatus,
    Lacking,
    Plan,
    lacking,
    loads_after,
    plan_from,
    read,
)
from portal.evaluation.models import Assignment, Commission, Distribution, EvaluatorTerms, Score
from portal.evaluation.queries.codes import Codes, codes_for
from portal.evaluation.queries.commissions import phase_of_call
from portal.evaluation.queries.desks import terms_of
from portal.evaluation.queries.distributing import newest_distribution
from portal.evaluation.queries.naming import kept_from
from portal.evaluation.queries.seats import commission_of
from portal.evaluation.rules import LIVE, AssignmentStatus

MOST_SHOWN = 200
"""Assignments listed for taking back, the newest first; the filter finds the others."""


@dataclass(frozen=True, slots=True)
class Place:
    """One who votes: the load as it stands and as the plan would make it, and the terms."""

    person: Person
    now: int
    then: int | None
    terms: EvaluatorTerms | None


@dataclass(frozen=True, slots=True)
class Given:
    """One assignment in the list."""

    assignment_id: UUID
    reference: str
    applicant: str
    evaluator: str
    may_go_back: bool


@dataclass(frozen=True, slots=True)
class AssigningPage:
    """Everything the page shows."""

    call: Call
    phase: Phase
    commission: Commission | None
    newest: Distribution | None
    places: Sequence[Place] = ()
    lacking: Sequence[Lacking] = ()
    unfit: Sequence[UUID] = ()
    references: dict[UUID, str] = field(default_factory=dict)
    given: Sequence[Given] = ()

    @property
    def is_asked(self) -> bool:
        """Whether a plan is being worked out."""
        return self.newest is not None and self.newest.status is DistributionStatus.ASKED

    @property
    def is_ready(self) -> bool:
        """Whether a plan waits to be put into force."""
        return self.newest is not None and self.newest.status is DistributionStatus.READY

    @property
    def has_failed(self) -> bool:
        """Whether no plan was found."""
        return self.newest is not None and self.newest.status is DistributionStatus.FAILED


def assigning_page(
    session: Session, actor: Actor, slug: str, phase_key: str | None, only: str, now: datetime
) -> AssigningPage:
    """The page of a phase, less what the actor is in conflict with; `only` keeps the assignments of one number."""
    call, phase = phase_of_call(session, actor, slug, phase_key, now)
    commission = commission_of(session, phase.id)
    newest = newest_distribution(session, phase.id)
    if commission is None or phase.id in actor.sealed:
        return AssigningPage(call, phase, None, None)
    hidden, codes = kept_from(session, actor, phase.id), codes_for(session, actor, phase)
    plan, desk = _plan(newest)
    shown = [each for each in lacking(plan, desk) if each.application not in hidden] if plan and desk else []
    unfit = [each for each in plan.unfit if each not in hidden] if plan else []
    return AssigningPage(
        call=call, phase=phase, commission=commission, newest=newest,
        places=_places(session, phase, commission, plan, desk), lacking=shown, unfit=unfit,
        references=_references(session, [*(each.application for each in shown), *unfit]) | dict(codes),
        given=_given(session, phase, hidden, only, codes),
    )  # fmt: skip


def _plan(newest: Distribution | None) -> tuple[Plan | None, Desk | None]:
    if newest is None or newest.status is not DistributionStatus.READY:
        return None, None
    return plan_from(newest.outcome or {}), read(newest.input_document)[1]


def _places(
    session: Session, phase: Phase, commission: Commission, plan: Plan | None, desk: Desk | None
) -> list[Place]:
    query = (
        select(Assignment.person_id, func.count())
        .join(Application, Application.id == Assignment.application_id)
        .where(Application.phase_id == phase.id, Assignment.status.in_(LIVE))
        .group_by(Assignment.person_id)
    )
    loads = {person_id: int(count) for person_id, count in session.execute(query)}
    after = loads_after(plan, desk) if plan is not None and desk is not None else None
    terms = terms_of(session, commission.id)
    return [
        Place(each.person, loads.get(each.person_id, 0), after[each.person_id] if after is not None else None,
              terms.get(each.person_id))
        for each in commission.members
    ]  # fmt: skip


def _references(session: Session, keys: Sequence[UUID]) -> dict[UUID, str]:
    if not keys:
        return {}
    query = select(Application.id, Application.reference).where(Application.id.in_(keys))
    return {each.id: each.reference for each in session.execute(query)}


def _given(session: Session, phase: Phase, hidden: frozenset[UUID], only: str, codes: Codes) -> list[Given]:
    begun = exists().where(Score.assignment_id == Assignment.id)
    query = (
        select(
            Assignment.id,
            Assignment.status,
            Application.id,
            Application.reference,
            Organisation.name,
            Person.name,
            begun,
        )
        .join(Application, Application.id == Assignment.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(Application.phase_id == phase.id, Assignment.status.in_(LIVE), Application.id.not_in(hidden))
        .order_by(Assignment.id.desc())
        .limit(MOST_SHOWN)
    )
    if only and not codes:
        query = query.where(Application.reference == only)
    return [
        Given(
            key,
            codes.get(about, reference),
            "" if codes else applicant,
            evaluator,
            status is not AssignmentStatus.FINALISED and not has_begun,
        )
        for key, status, about, reference, applicant, evaluator, has_begun in session.execute(query)
        if not (only and codes) or codes.get(about) == only
    ]
