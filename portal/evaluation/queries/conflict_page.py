"""The office's page of conflicts: who has declared, what the portal suggests, what holds. Names, no references."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.access.models import Person
from portal.access.policy import Action, allowed
from portal.applications.models import Application
from portal.calls.models import Call, Phase
from portal.core.actor import Actor
from portal.evaluation.models import (
    Commission,
    ConflictDeclaration,
    ConflictLifting,
    ConflictSuggestion,
    GeneralDeclaration,
    SuggestionDecision,
)
from portal.evaluation.queries.commissions import phase_of_call
from portal.evaluation.queries.conflicts import conflicts_of_phase
from portal.evaluation.queries.lifting import liftings_of, may_lift
from portal.evaluation.queries.naming import barred_from, kept_from
from portal.evaluation.queries.seats import commission_of
from portal.evaluation.suggesting import Likeness

Row = tuple[ConflictSuggestion, Application, Person, SuggestionDecision | None, Person | None]


@dataclass(frozen=True, slots=True)
class Suggested:
    """Everything noticed about one evaluator and one applicant; decided at once, by one person."""

    person: Person
    application: Application
    likenesses: list[Likeness]
    decision: SuggestionDecision | None
    decided_by: Person | None


@dataclass(frozen=True, slots=True)
class Held:
    """A conflict that was declared or found; the act that lifted it, where there is one; whether the reader may."""

    declaration: ConflictDeclaration
    application: Application
    person: Person
    lifting: ConflictLifting | None
    may_lift: bool


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Everything about conflicts in the evaluation of a phase, as far as this reader may know."""

    call: Call
    phase: Phase
    commission: Commission | None
    sworn: dict[UUID, GeneralDeclaration]
    is_waiting: bool
    """Whether the reader sits too and has to declare first: until then there is nothing to read."""
    suggested: list[Suggested]
    conflicts: Sequence[Held]
    may_decide: bool

    @property
    def open(self) -> list[Suggested]:
        """What waits for a decision."""
        return [each for each in self.suggested if each.decision is None]

    @property
    def holding(self) -> list[Held]:
        """The conflicts that hold."""
        return [each for each in self.conflicts if each.lifting is None]

    @property
    def liftable(self) -> list[Held]:
        """Those that this reader may lift by an act."""
        return [each for each in self.conflicts if each.may_lift]

    @property
    def lifted(self) -> list[Held]:
        """Those that an act lifted, which stay as they were declared."""
        return [each for each in self.conflicts if each.lifting is not None]

    @property
    def decided(self) -> list[Suggested]:
        """What was decided, and why."""
        return [each for each in self.suggested if each.decision is not None]


def conflict_page(session: Session, actor: Actor, slug: str, phase_key: str | None, now: datetime) -> ConflictPage:
    """What a reader of rankings may know of the conflicts: nothing about what they are in conflict with themselves."""
    call, phase = phase_of_call(session, actor, slug, phase_key, now)
    commission = commission_of(session, phase.id)
    sworn = _sworn(session, commission)
    seats = {member.person_id for member in commission.declaring} if commission else set()
    is_waiting = actor.person_id in seats - sworn.keys()
    hidden = kept_from(session, actor, phase.id)
    conflicts = [] if is_waiting or commission is None else _conflicts(session, actor, commission)
    return ConflictPage(
        call=call,
        phase=phase,
        commission=commission,
        sworn=sworn,
        is_waiting=is_waiting,
        suggested=[] if is_waiting else _suggested(session, hidden, phase.id),
        conflicts=[each for each in conflicts if each.application.id not in hidden],
        may_decide=commission is not None and allowed(actor, Action.CONFLICT_DECIDE, commission),
    )


def _conflicts(session: Session, actor: Actor, commission: Commission) -> list[Held]:
    """What an act lifted later than it was declared holds no longer; the last declaration alone can be lifted."""
    liftings = liftings_of(session, commission.phase_id)
    found: list[Held] = []
    seen: set[tuple[UUID, UUID]] = set()
    for declaration, application, person in conflicts_of_phase(session, commission.phase_id):
        pair = (application.id, person.id)
        lifting = next((each for each in liftings.get(pair, ()) if each.at >= declaration.at), None)
        may = lifting is None and pair not in seen and may_lift(commission, person.id, actor)
        seen.add(pair)
        found.append(Held(declaration, application, person, lifting, may))
    return found


def _sworn(session: Session, commission: Commission | None) -> dict[UUID, GeneralDeclaration]:
    if commission is None:
        return {}
    query = select(GeneralDeclaration).where(GeneralDeclaration.commission_id == commission.id)
    return {each.person_id: each for each in session.scalars(query.order_by(GeneralDeclaration.id))}


def _suggested(session: Session, hidden: Collection[UUID], phase_id: UUID) -> list[Suggested]:
    decider = aliased(Person)
    query = (
        select(ConflictSuggestion, Application, Person, SuggestionDecision, decider)
        .join(Application, Application.id == ConflictSuggestion.application_id)
        .join(Person, Person.id == ConflictSuggestion.person_id)
        .outerjoin(SuggestionDecision, SuggestionDecision.suggestion_id == ConflictSuggestion.id)
        .outerjoin(decider, decider.id == SuggestionDecision.decided_by)
        .where(Application.phase_id == phase_id)
        .where(Application.id.not_in(hidden))
        .options(joinedload(Application.organisation))
        .order_by(Person.name, Person.id, Application.id, ConflictSuggestion.likeness)
    )
    groups: dict[tuple[UUID, UUID, object], list[Row]] = defaultdict(list)
    for suggestion, application, person, decision, by in session.execute(query):
        groups[person.id, application.id, decision is None].append((suggestion, application, person, decision, by))
    barred = _barred(session, phase_id)
    found = [_group(rows) for rows in groups.values()]
    return [each for each in found if each.decision is not None or (each.application.id, each.person.id) not in barred]


def _barred(session: Session, phase_id: UUID) -> set[tuple[UUID, UUID]]:
    query = select(ConflictDeclaration.application_id, ConflictDeclaration.person_id)
    query = query.join(Application, Application.id == ConflictDeclaration.application_id)
    query = query.where(Application.phase_id == phase_id, ConflictDeclaration.has_conflict)
    query = query.where(barred_from(ConflictDeclaration.person_id, ConflictDeclaration.application_id))
    return {(application, person) for application, person in session.execute(query)}


def _group(rows: list[Row]) -> Suggested:
    _first, application, person, decision, decider = rows[0]
    return Suggested(person, application, [row[0].likeness for row in rows], decision, decider)
