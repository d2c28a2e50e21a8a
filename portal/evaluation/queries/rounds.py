"""Which round of its evaluation a phase is in: what evaluators see of proposals, and what they call them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.applications.models import Application
from portal.calls.models import Phase
from portal.calls.rules.design import EvaluationRound
from portal.core.actor import Actor
from portal.evaluation.masking import code_of
from portal.evaluation.models import RoundChange

ONLY = EvaluationRound(key="only", name={"it": "Valutazione", "en": "Evaluation"})
"""Where the call declares no rounds: everything is seen but the others' scores."""


@dataclass(frozen=True, slots=True)
class RoundStep:
    """A declared round; the act that began it, where there is one: the first begins by itself."""

    round: EvaluationRound
    change: RoundChange | None
    is_now: bool


def round_of(session: Session, phase: Phase) -> EvaluationRound:
    """The round in force."""
    return rounds_in_force(session, [phase])[phase.id]


def rounds_in_force(session: Session, phases: Collection[Phase]) -> dict[UUID, EvaluationRound]:
    """The round in force of each phase, in one statement; in none where no call declares rounds."""
    declared = {each.id: each.design.evaluation.rounds for each in phases}
    asked = [key for key, rounds in declared.items() if len(rounds) > 1]
    begun = {each.phase_id: each.round_key for each in _changes(session, asked)} if asked else {}
    return {key: _now(rounds, begun.get(key)) for key, rounds in declared.items()}


def _changes(session: Session, phases: Sequence[UUID]) -> Sequence[RoundChange]:
    query = select(RoundChange).where(RoundChange.phase_id.in_(phases))
    return session.scalars(query.order_by(RoundChange.phase_id, RoundChange.begun_at, RoundChange.id)).all()


def _now(rounds: Sequence[EvaluationRound], key: str | None) -> EvaluationRound:
    if not rounds:
        return ONLY
    return next((each for each in rounds if each.key == key), rounds[0])


def round_steps(session: Session, phase: Phase) -> list[RoundStep]:
    """The declared rounds in their order, with the acts that began them; empty where there are none."""
    rounds = phase.design.evaluation.rounds
    changes = {each.round_key: each for each in _changes(session, [phase.id])} if rounds else {}
    now = _now(rounds, next(reversed(changes), None))
    return [RoundStep(each, changes.get(each.key), each.key == now.key) for each in rounds]


def label_of(application: Application, seen: EvaluationRound) -> str:
    """What evaluators call an application: its reference, or a code while names are hidden."""
    return code_of(application.id, application.phase_id) if seen.blind else application.reference


def is_kept_from(actor: Actor, commission_id: UUID | None, seen: EvaluationRound) -> bool:
    """Whether names are hidden from the actor: from whoever votes on the commission, while the round is blind."""
    return seen.blind and commission_id is not None and str(Tie.COMMISSION) in actor.ties_to(commission_id)
