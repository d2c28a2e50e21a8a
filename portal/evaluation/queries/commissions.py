"""The commission of a phase: its seats, their loads, what is missing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.models import Person
from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, Phase
from portal.calls.rules import PhaseStatus
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import Assignment, Commission, CommissionMember, Ranking
from portal.evaluation.points import evaluators_wanted, scored
from portal.evaluation.queries.assignments import applications_under_evaluation, assignments_of
from portal.evaluation.queries.codes import Codes, codes_for
from portal.evaluation.queries.draws import DrawsOfRanking, draws_of_ranking
from portal.evaluation.queries.elsewhere import must_not_be_chair_elsewhere
from portal.evaluation.queries.naming import kept_from
from portal.evaluation.queries.rankings import rankings_of
from portal.evaluation.queries.seats import commission_of
from portal.evaluation.rules import LIVE, AssignmentStatus, Seat


@dataclass(frozen=True, slots=True)
class Load:
    """What one seat of the commission has to do, and has done."""

    person: Person
    seat: Seat
    total: int
    undeclared: int
    to_score: int
    done: int
    recused: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """An application with fewer evaluators than the call declares; `code` stands for its name where that is hidden."""

    application: Application
    has: int
    wants: int
    code: str | None = None

    @property
    def label(self) -> str:
        """What the reader calls it."""
        return self.code or f"{self.application.reference} · {self.application.organisation.name}"


@dataclass(frozen=True, slots=True)
class CommissionPage:
    """Everything the office sees of the evaluation of one phase."""

    call: Call
    phase: Phase
    commission: Commission | None
    loads: list[Load]
    shortages: list[Shortage]
    rankings: Sequence[Ranking]
    admissible: int
    scored: int
    undecided: int
    is_closed: bool
    draws: DrawsOfRanking

    @property
    def is_computed(self) -> bool:
        """Whether the call computes every criterion: there is nothing for a commission to score."""
        return not scored(self.phase.design)

    @property
    def is_assigned(self) -> bool:
        """Whether every admitted application has its evaluators."""
        return self.admissible + self.scored > 0 and not self.shortages

    @property
    def current(self) -> Ranking | None:
        """The version that waits for its publication, provisional or final: the newest, unless it is replaced."""
        newest = self.rankings[0] if self.rankings else None
        return newest if newest is not None and (newest.awaits_publication or newest.awaits_final) else None

    @property
    def is_running(self) -> bool:
        """Whether the evaluation can go on."""
        return self.phase.status is PhaseStatus.EVALUATION

    @property
    def may_compute(self) -> bool:
        """Whether every score is in."""
        done = self.admissible + self.scored if self.is_computed else self.scored
        return self.is_running and done > 0 and (self.is_computed or not self.admissible) and not self.undecided


def counts_by_status(session: Session, phase_id: UUID, *, without: Collection[UUID] = ()) -> Counter[ApplicationStatus]:
    """How many applications of a phase stand where, those that the reader may not know of left out."""
    query = select(Application.status, func.count()).where(Application.phase_id == phase_id)
    query = query.where(Application.id.not_in(without))
    return Counter({found: int(count) for found, count in session.execute(query.group_by(Application.status))})


def commission_page(session: Session, actor: Actor, slug: str, phase_key: str | None, now: datetime) -> CommissionPage:
    """The evaluation of a phase as the office sees it; what the actor is in conflict with is left out."""
    call, phase = phase_of_call(session, actor, slug, phase_key, now)
    commission = commission_of(session, phase.id)
    hidden = kept_from(session, actor, phase.id)
    under_way = [] if phase.id in actor.sealed else applications_under_evaluation(session, phase.id)
    admitted = [each for each in under_way if each.id not in hidden]
    assignments = assignments_of(session, [each.id for each in admitted])
    counts = counts_by_status(session, phase.id, without=hidden)
    rankings = rankings_of(session, phase.id)
    return CommissionPage(
        call=call,
        phase=phase,
        commission=commission,
        loads=loads_of(commission, assignments),
        shortages=shortages_of(
            admitted, assignments, evaluators_wanted(phase.design), codes_for(session, actor, phase)
        ),
        rankings=rankings,
        admissible=counts[ApplicationStatus.ADMISSIBLE],
        scored=counts[ApplicationStatus.SCORED],
        undecided=counts[ApplicationStatus.SUBMITTED] + counts[ApplicationStatus.INTEGRATION_REQUESTED],
        is_closed=phase.closes_at < now,
        draws=draws_of_ranking(session, phase.id, rankings[0] if rankings else None),
    )


def phase_of_call(session: Session, actor: Actor, slug: str, key: str | None, now: datetime) -> tuple[Call, Phase]:
    """A call and the phase that the office asks for; NotFound or Forbidden for others."""
    call = session.scalars(
        select(Call).where(Call.slug == slug).options(joinedload(Call.authority), selectinload(Call.phases))
    ).one_or_none()
    if call is None:
        raise NotFound
    authorise(actor, Action.RANKING_READ, call)
    phase = phase_shown(call.phases, key, now)
    must_not_be_chair_elsewhere(session, actor, phase)
    return call, phase


def phase_address(session: Session, actor: Actor, ranking_id: UUID) -> tuple[str, str]:
    """The call and the phase that a ranking belongs to, for the way back."""
    query = select(Ranking, Call.slug, Phase.key).join(Phase, Phase.id == Ranking.phase_id).join(Phase.call)
    found = session.execute(query.where(Ranking.id == ranking_id)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.RANKING_READ, found[0])
    must_not_be_chair_elsewhere(session, actor, found[0].phase)
    return found[1], found[2]


def phase_shown(phases: Sequence[Phase], key: str | None, now: datetime) -> Phase:
    """The phase asked for; else the last one that has closed, else the first."""
    if key is not None:
        found = next((phase for phase in phases if phase.key == key), None)
        if found is None:
            raise NotFound
        return found
    return next((phase for phase in reversed(phases) if phase.closes_at < now), phases[0])


def loads_of(commission: Commission | None, assignments: Sequence[Assignment]) -> list[Load]:
    """One line for each seat, the chair first, then by name."""
    by_person: dict[UUID, Counter[AssignmentStatus]] = defaultdict(Counter)
    for each in assignments:
        by_person[each.person_id][each.status] += 1
    members = sorted(
        commission.members if commission else [], key=lambda each: (each.seat_now is not Seat.CHAIR, each.person.name)
    )
    return [_load(member, by_person[member.person_id]) for member in members]


def _load(member: CommissionMember, counts: Counter[AssignmentStatus]) -> Load:
    return Load(
        person=member.person,
        seat=member.seat_now or member.seat,
        total=sum(counts[each] for each in LIVE),
        undeclared=counts[AssignmentStatus.ASSIGNED],
        to_score=counts[AssignmentStatus.FREE_OF_CONFLICT],
        done=counts[AssignmentStatus.FINALISED],
        recused=counts[AssignmentStatus.RECUSED],
    )


def shortages_of(
    applications: Sequence[Application], assignments: Sequence[Assignment], wants: int, codes: Codes
) -> list[Shortage]:
    """The applications still to be scored that lack evaluators, in the order given."""
    live = Counter(each.application_id for each in assignments if each.status in LIVE)
    return [Shortage(each, live[each.id], wants, codes.get(each.id)) for each in applications if live[each.id] < wants]
