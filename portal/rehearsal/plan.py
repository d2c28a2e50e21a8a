"""What is lived through, in which order: each phase with its own steps, and what stands between two. Pure."""

from dataclasses import dataclass

from portal.access.rules import OrganisationKind
from portal.applications.gates import gates_of
from portal.calls.rules import CallDesign, PhaseDesign, PhaseGate
from portal.rehearsal.rules import Step

BEFORE = (Step.DESIGN, Step.CAST)
CHOOSING = (Step.APPLICATIONS, Step.ADMISSIBILITY, Step.COMMISSION, Step.SCORES, Step.RANKING)
AFTER = (Step.AWARDS, Step.AGREEMENTS, Step.COACHING, Step.PAYMENTS, Step.FINDINGS)


@dataclass(frozen=True, slots=True)
class Stop:
    """One step, and the phase to which it belongs where the call has several."""

    step: Step
    phase: str | None = None


def plan_of(design: CallDesign) -> tuple[Stop, ...]:
    """Every step of a call in its order; steps that a phase does not have are left out."""
    several = len(design.phases) > 1
    stops = [Stop(step) for step in BEFORE]
    for place, phase in enumerate(design.phases):
        key = phase.key if several else None
        stops += [Stop(step, key) for step in CHOOSING]
        stops += [Stop(step, key) for step in _between(design, phase, later(design, place))]
    return (*stops, *(Stop(step) for step in AFTER))


def later(design: CallDesign, place: int) -> PhaseDesign | None:
    """The phase that follows the one at a place."""
    return design.phases[place + 1] if place + 1 < len(design.phases) else None


def _between(design: CallDesign, phase: PhaseDesign, following: PhaseDesign | None) -> list[Step]:
    if following is None:
        return []
    steps = [Step.ACCOMPANIMENT] if phase.accompaniment is not None else []
    return [*steps, Step.ENTITIES] if groups_become_entities(design, following) else steps


def groups_become_entities(design: CallDesign, following: PhaseDesign) -> bool:
    """Whether some groups must be legal entities before they enter this phase."""
    groups = [(rule.kind, rule.forms[0]) for rule in design.applicants if rule.kind == OrganisationKind.INFORMAL_GROUP]
    return any(PhaseGate.INCORPORATED in gates_of(design, following.key, each) for each in groups)
