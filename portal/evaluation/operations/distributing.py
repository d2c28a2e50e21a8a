"""Who scores what, planned: asked for, worked out apart, looked at, then put into force."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.models import Phase
from portal.calls.queries import phase_for_update
from portal.core.actor import SYSTEM, Actor
from portal.core.apart import NotDone
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.jobs import enqueue
from portal.core.moves import Move
from portal.evaluation.distribution import Plan, distribute, fingerprint, outcome_of, plan_from, read, written
from portal.evaluation.distribution.status import CONFIRM, GIVE_UP, OPEN, SET_ASIDE, WORK_OUT, DistributionStatus
from portal.evaluation.models import Assignment, Commission, Distribution
from portal.evaluation.operations.assigning import NoCommission, look_again, make_assignments
from portal.evaluation.points import evaluators_wanted
from portal.evaluation.queries.assignments import assignments_of
from portal.evaluation.queries.desks import desk_of, wishes_of
from portal.evaluation.queries.distributing import distribution_for_update, newest_distribution
from portal.evaluation.queries.seats import commission_of

DISTRIBUTE_JOB = "evaluation.distribute"


class PlanIsOld(Conflict):
    """The plan was worked out from what no longer stands."""

    default = lazy_(
        "Since this plan was worked out, applications, evaluators or conflicts have changed. Work it out again."
    )


def ask_distribution(
    session: Session, *, phase_id: UUID, together: int | None, actor: Actor, now: datetime
) -> Distribution:
    """Keep the problem as it stands with a seed of its own, and let the worker find a plan; an open one is set aside.

    `together`: how many applications two evaluators share at most. Conflicts known by now are found first.
    """
    phase, commission = _commission(session, phase_id, actor)
    if together is not None and together < 1:
        raise Invalid(lazy_("Write 1 or more, or leave it empty for no limit."), "together")
    last = newest_distribution(session, phase.id)
    if last is not None and last.status in OPEN:
        _move(session, last, SET_ASIDE, actor, now)
    seed = secrets.token_hex(8)
    document = _document(session, phase, commission, together, seed, now)
    row = Distribution(
        authority_id=commission.authority_id, phase_id=phase.id, number=last.number + 1 if last else 1, status_at=now,
        asked_at=now, asked_by=actor.person_id, seed=seed, together=together, input_document=document,
        input_sha256=fingerprint(document),
    )  # fmt: skip
    session.add(row)
    session.flush()
    enqueue(session, DISTRIBUTE_JOB, now=now, distribution_id=row.id)
    record(session, at=now, actor=actor, event="distribution.asked", subject=row,
           after={"number": row.number, "seed": seed, "together": together, "input": row.input_sha256})  # fmt: skip
    return row


def solved(session: Session, *, distribution_id: UUID) -> Plan | None:
    """The plan of what was asked, if it is still wanted and the solver finds one: the same document, the same plan."""
    row = session.get_one(Distribution, distribution_id)
    if row.status is not DistributionStatus.ASKED:
        return None
    try:
        return distribute(*read(row.input_document))
    except NotDone:
        return None


def keep_plan(session: Session, *, distribution_id: UUID, plan: Plan | None, now: datetime) -> Distribution:
    """Keep what the worker found, or that it found nothing; one that was set aside meanwhile stays so."""
    row = distribution_for_update(session, distribution_id)
    if row.status is DistributionStatus.ASKED:
        row.outcome = outcome_of(plan) if plan is not None else None
        _move(session, row, WORK_OUT if plan is not None else GIVE_UP, SYSTEM, now)
    return row


def confirm_distribution(
    session: Session, *, distribution_id: UUID, actor: Actor, now: datetime
) -> Sequence[Assignment]:
    """Put a plan into force: exactly what was shown. Raises PlanIsOld where the problem is no longer the same."""
    row = distribution_for_update(session, distribution_id)
    phase, commission = _commission(session, row.phase_id, actor)
    CONFIRM.apply(row.status)
    if fingerprint(_document(session, phase, commission, row.together, row.seed, now)) != row.input_sha256:
        raise PlanIsOld
    made = make_assignments(
        session, commission=commission, pairs=plan_from(row.outcome or {}).pairs, actor=actor, now=now
    )
    _move(session, row, CONFIRM, actor, now)
    return made


def set_aside_distribution(session: Session, *, distribution_id: UUID, actor: Actor, now: datetime) -> None:
    """Leave a plan: nothing comes of it."""
    row = distribution_for_update(session, distribution_id)
    _commission(session, row.phase_id, actor)
    _move(session, row, SET_ASIDE, actor, now)


def _commission(session: Session, phase_id: UUID, actor: Actor) -> tuple[Phase, Commission]:
    phase = phase_for_update(session, phase_id)
    authorise(actor, Action.COMMISSION_APPOINT, phase.call)
    commission = commission_of(session, phase.id)
    if commission is None:
        raise NoCommission
    return phase, commission


def _document(
    session: Session, phase: Phase, commission: Commission, together: int | None, seed: str, now: datetime
) -> dict[str, object]:
    """The problem as it stands, conflicts known by now looked for first."""
    applications, open_ones = look_again(session, phase=phase, commission=commission, now=now)
    standing = assignments_of(session, [each.id for each in applications])
    desk = desk_of(session, commission=commission, applications=applications, standing=standing, now=now,
                   together=together, seed=seed)  # fmt: skip
    return written(wishes_of(open_ones, evaluators_wanted(phase.design)), desk)


def _move(session: Session, row: Distribution, move: Move[DistributionStatus], actor: Actor, now: datetime) -> None:
    before = row.status
    row.make(move, at=now)
    record(session, at=now, actor=actor, event=f"distribution.{row.status.value}", subject=row,
           before={"status": before}, after={"status": row.status, "number": row.number})  # fmt: skip
