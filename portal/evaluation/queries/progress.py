"""The progress of an evaluation as chair, secretary and office read it, less what a conflict or a round hides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.access.models import Person
from portal.access.policy import Action, Tie, allowed, authorise
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, Phase
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import Assignment, Commission
from portal.evaluation.progress import (
    ByApplication,
    ByCriterion,
    ByEvaluator,
    by_application,
    by_criterion,
    by_evaluator,
)
from portal.evaluation.queries.assignments import applications_under_evaluation, assignments_of
from portal.evaluation.queries.naming import kept_from
from portal.evaluation.queries.others import may_see_others
from portal.evaluation.queries.rounds import RoundStep, is_kept_from, label_of, round_steps
from portal.evaluation.queries.withheld import WithheldFile, withheld_files
from portal.evaluation.queries.working import Waiting, agreed_of, waiting_of, works_of, written_of


@dataclass(frozen=True, slots=True)
class Line:
    """One application of the page, as its reader calls it."""

    label: str
    applicant: str | None
    application: Application
    numbers: ByApplication

    @property
    def is_scored(self) -> bool:
        """Whether it counts as scored."""
        return self.application.status is ApplicationStatus.SCORED


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Everything on the page of progress."""

    phase: Phase
    people: Mapping[UUID, Person]
    evaluators: Sequence[ByEvaluator]
    criteria: Sequence[ByCriterion]
    lines: Sequence[Line]
    rounds: Sequence[RoundStep]
    waiting: Waiting
    withheld: Sequence[WithheldFile]
    """Files that evaluators are not shown, for the office, while nothing was done about them."""
    discusses: bool
    """Whether the reader takes part in discussions by a seat: chair or secretary."""

    @property
    def following(self) -> RoundStep | None:
        """The round that may begin next."""
        here = next((number for number, each in enumerate(self.rounds) if each.is_now), None)
        return None if here is None else next(iter(self.rounds[here + 1 :]), None)


def seated(
    session: Session, actor: Actor, slug: str, phase_key: str | None, action: Action
) -> tuple[Phase, Commission]:
    """A phase with its commission, for whoever may do this there; the last phase that has one, unless one is asked."""
    query = (
        select(Phase, Commission)
        .join(Phase.call)
        .join(Commission, Commission.phase_id == Phase.id)
        .where(Call.slug == slug)
        .options(contains_eager(Phase.call).options(joinedload(Call.authority)))
        .order_by(Phase.closes_at.desc(), Phase.id)
    )
    rows = [(phase, commission) for phase, commission in session.execute(query)]
    found = next((each for each in rows if phase_key in (None, each[0].key)), None)
    if found is None:
        raise NotFound
    authorise(actor, action, found[1])
    return found


def progress_page(session: Session, actor: Actor, slug: str, phase_key: str | None, now: datetime) -> ProgressPage:
    """How far the evaluation of a phase is."""
    phase, commission = seated(session, actor, slug, phase_key, Action.PROGRESS_READ)
    hidden = kept_from(session, actor, phase.id)
    applications = [each for each in applications_under_evaluation(session, phase.id) if each.id not in hidden]
    keys = [each.id for each in applications]
    assignments = assignments_of(session, keys)
    works = works_of(session, assignments, keys)
    steps = round_steps(session, phase)
    told = _told(assignments, actor, keys, steps)
    agreed = agreed_of(session, keys)
    numbers = [by_application(phase.design, key, works[key], agreed[key], told=key in told) for key in keys]
    people = {each.person_id: each.person for each in assignments}
    order = sorted(people, key=lambda key: (people[key].name, key))
    return ProgressPage(
        phase=phase,
        people=people,
        evaluators=by_evaluator([one for each in works.values() for one in each], order, now),
        criteria=by_criterion(phase.design, numbers, told, written_of(session, keys)),
        lines=_lines(applications, numbers, actor, commission, steps),
        rounds=steps,
        waiting=waiting_of(session, keys),
        withheld=_withheld(session, actor, phase, commission, hidden),
        discusses=allowed(actor, Action.DISCUSSION_READ, commission),
    )


def _withheld(
    session: Session, actor: Actor, phase: Phase, commission: Commission, hidden: frozenset[UUID]
) -> list[WithheldFile]:
    """For the office alone; whoever votes would read names in those of files."""
    if not allowed(actor, Action.FILE_RELEASE, commission) or str(Tie.COMMISSION) in actor.ties_to(commission.id):
        return []
    return [each for each in withheld_files(session, [phase], without=hidden) if each.waits]


def _lines(
    applications: Sequence[Application], numbers: Sequence[ByApplication], actor: Actor, commission: Commission,
    steps: Sequence[RoundStep],
) -> list[Line]:  # fmt: skip
    seen = next((each.round for each in steps if each.is_now), None)
    if seen is None or not is_kept_from(actor, commission.id, seen):
        return [Line(each.reference, each.organisation.name, each, row)
                for each, row in zip(applications, numbers, strict=True)]  # fmt: skip
    coded = [Line(label_of(each, seen), None, each, row) for each, row in zip(applications, numbers, strict=True)]
    return sorted(coded, key=lambda each: each.label)


def _told(
    assignments: Sequence[Assignment], actor: Actor, keys: Sequence[UUID], steps: Sequence[RoundStep]
) -> frozenset[UUID]:
    """The applications whose spreads the reader may know: not those they score and may not compare yet."""
    seen = next((each.round for each in steps if each.is_now), None)
    own = {each.application_id for each in assignments
           if each.person_id == actor.person_id and (seen is None or not may_see_others(each, seen))}  # fmt: skip
    return frozenset(keys) - own
