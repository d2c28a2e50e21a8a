"""What the evaluation asks of somebody: to declare, to score; of the office: to appoint, assign, compute, publish."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Role
from portal.applications.models import Application
from portal.applications.rules import UNDER_EVALUATION, ApplicationStatus
from portal.calls.models import Call, Phase
from portal.calls.rules import CallStatus, PhaseStatus
from portal.core.actor import Actor
from portal.core.i18n import _, in_language, ngettext
from portal.evaluation.models import Assignment, Commission, Ranking
from portal.evaluation.queries.assignments import open_to
from portal.evaluation.rules import LIVE, AssignmentStatus, RankingStatus
from portal.notices.rules import DueStep

OFFICE = (Role.OFFICER, Role.CHAIR)


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """The steps of this room for this person; at most six statements."""
    return [*_as_evaluator(session, actor), *_as_office(session, actor, now)]


def _as_evaluator(session: Session, actor: Actor) -> list[DueStep]:
    if not actor.objects_tied_as("assigned"):
        return []
    query = (
        select(Call.title, Assignment.status, func.count(Assignment.id))
        .join(Application, Application.id == Assignment.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(open_to(actor), Assignment.status != AssignmentStatus.FINALISED)
        .group_by(Call.id, Call.title, Assignment.status)
        .order_by(Call.id, Assignment.status)
    )
    return [_evaluator_step(status, int(count), in_language(title)) for title, status, count in session.execute(query)]


def _evaluator_step(status: AssignmentStatus, count: int, place: str) -> DueStep:
    if status is AssignmentStatus.ASSIGNED:
        return DueStep(
            what=ngettext(
                "Declare whether you are in conflict with %(num)d applicant",
                "Declare whether you are in conflict with %(num)d applicants", count,
            ),
            why=_("A proposal opens only after its evaluator has declared to be free of conflict."),
            button=_("Declare"), path="/scoring", place=place,
        )  # fmt: skip
    return DueStep(
        what=ngettext("Score %(num)d application", "Score %(num)d applications", count),
        why=_("The ranking can be computed once every assigned application has its final scores."),
        button=_("Score"), path="/scoring", place=place,
    )  # fmt: skip


def _as_office(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    authorities = {home for role in OFFICE for home in actor.authorities_as(role)}
    if not authorities:
        return []
    phases = _phases(session, authorities, now)
    ids = [phase.id for phase in phases]
    appointed = set(session.scalars(select(Commission.phase_id).where(Commission.phase_id.in_(ids))))
    rankings = {row.phase_id: row for row in _rankings(session, ids)}
    counts = _counts(session, ids)
    seats = _live_seats(session, ids)
    steps: list[DueStep] = []
    for phase in phases:
        publishes = phase.call.authority_id in actor.authorities_as(Role.OFFICER)
        steps += _phase_steps(phase, phase.id in appointed, rankings.get(phase.id), counts, seats, publishes)
    return steps


def _phases(session: Session, authorities: set[UUID], now: datetime) -> Sequence[Phase]:
    """Phases past their deadline and not concluded, the oldest first."""
    query = (
        select(Phase)
        .join(Phase.call)
        .where(Call.authority_id.in_(authorities), Call.status == CallStatus.PUBLISHED, Phase.closes_at < now)
        .where(Phase.status.in_((PhaseStatus.RUNNING, PhaseStatus.EVALUATION)))
        .options(joinedload(Phase.call))
        .order_by(Phase.closes_at, Phase.id)
    )
    return session.scalars(query).all()


def _rankings(session: Session, phases: Sequence[UUID]) -> Sequence[Ranking]:
    """Versions that count, the older first, so that the newest wins."""
    query = select(Ranking).where(Ranking.phase_id.in_(phases), Ranking.status != RankingStatus.SUPERSEDED)
    return session.scalars(query.order_by(Ranking.version)).all()


def _counts(session: Session, phases: Sequence[UUID]) -> Counter[tuple[UUID, ApplicationStatus]]:
    columns = (Application.phase_id, Application.status)
    query = select(*columns, func.count()).where(Application.phase_id.in_(phases)).group_by(*columns)
    return Counter({(phase, status): int(count) for phase, status, count in session.execute(query)})


def _live_seats(session: Session, phases: Sequence[UUID]) -> Counter[UUID]:
    """Live assignments of the applications under evaluation, by phase."""
    query = (
        select(Application.phase_id, func.count(Assignment.id))
        .join(Application, Application.id == Assignment.application_id)
        .where(Application.phase_id.in_(phases), Application.status.in_(UNDER_EVALUATION), Assignment.status.in_(LIVE))
        .group_by(Application.phase_id)
    )
    return Counter({phase: int(count) for phase, count in session.execute(query)})


def _phase_steps(
    phase: Phase,
    is_appointed: bool,
    ranking: Ranking | None,
    counts: Counter[tuple[UUID, ApplicationStatus]],
    seats: Counter[UUID],
    publishes: bool,
) -> list[DueStep]:
    waiting, done = counts[phase.id, ApplicationStatus.ADMISSIBLE], counts[phase.id, ApplicationStatus.SCORED]
    wanted = (waiting + done) * phase.call.design.evaluators_per_application
    if not is_appointed:
        return [_step(phase, _("Appoint the commission"), _("Appoint"))] if publishes else []
    if publishes and seats[phase.id] < wanted and waiting:
        return [_step(phase, _("Assign the admitted applications to evaluators"), _("Assign"))]
    if ranking is None:
        return [_step(phase, _("Compute the ranking"), _("Compute"))] if done and not waiting else []
    return [_publication(phase, ranking)] if publishes else []


def _publication(phase: Phase, ranking: Ranking) -> DueStep:
    if ranking.is_published:
        why = _("Grants can be awarded only after the final ranking.")
        return _step(phase, _("Publish the final ranking"), _("Open"), why)
    return _step(phase, _("Publish the provisional ranking"), _("Open"))


def _step(phase: Phase, what: str, button: str, why: str | None = None) -> DueStep:
    return DueStep(
        what=what, button=button, path=f"/manage/calls/{phase.call.slug}/commission?phase={phase.key}", why=why,
        place=in_language(phase.call.title),
    )  # fmt: skip
