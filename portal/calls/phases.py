"""The phases of a call in words: who enters one, what it asks, how many it admits, what follows. For every page."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.access.labels import KINDS
from portal.access.rules import OrganisationKind
from portal.calls.rules import (
    Accompaniment,
    AllocateBy,
    CallDesign,
    IncorporateBefore,
    PhaseDesign,
    PhaseGate,
    Places,
)
from portal.core.i18n import _, in_language, ngettext
from portal.core.instants import format_day


@dataclass(frozen=True, slots=True)
class PhaseTold:
    """One phase of several, for whoever thinks of applying."""

    key: str
    name: str
    design: CallDesign
    """The call as this phase has it."""
    entry: tuple[str, ...]
    asked: tuple[str, ...]
    admits: tuple[str, ...]
    after: str


def phases_told(design: CallDesign) -> list[PhaseTold]:
    """Every phase in its order; in a call of one phase nobody has to enter, and nothing follows."""
    return [
        PhaseTold(
            key=phase.key,
            name=in_language(phase.name),
            design=design.at_phase(phase.key),
            entry=tuple(entry_told(design, phase.key)),
            asked=tuple(in_language(section.title) for section in design.at_phase(phase.key).questionnaire.sections),
            admits=tuple(_admits(design.at_phase(phase.key))),
            after=_after(phase.accompaniment) if phase.accompaniment else "",
        )
        for phase in design.phases
    ]


def entry_told(design: CallDesign, key: str) -> Iterator[str]:
    """What an applicant must have done to enter a phase, a sentence each; nothing for the first one."""
    keys = [each.key for each in design.phases]
    place = keys.index(key)
    if not place:
        return
    phase, before = design.phases[place], design.phases[place - 1]
    for gate in phase.entry:
        if (sentence := _gate(gate, before)) is not None:
            yield sentence
    promised = any(rule.must_incorporate_before is IncorporateBefore.NEXT_PHASE for rule in design.applicants)
    if promised and PhaseGate.INCORPORATED not in phase.entry:
        yield _("An informal group has become a legal entity by then.")


def _gate(gate: PhaseGate, before: PhaseDesign) -> str | None:
    if gate is PhaseGate.SELECTED:
        return str(_("Only those whom the final ranking of “%(phase)s” admitted.", phase=in_language(before.name)))
    if gate is PhaseGate.INCORPORATED:
        return str(_("Only legal entities: an informal group has become one by then, and keeps its place."))
    between = before.accompaniment
    if between is None:
        return None
    share = f"{between.minimum_attendance.normalize():f}"
    return str(
        _("Only those who attended at least %(share)s %% of the %(hours)s hours of “%(name)s”.", share=share,
          hours=between.hours, name=in_language(between.name))
    )  # fmt: skip


def _after(declared: Accompaniment) -> str:
    told = {"name": in_language(declared.name), "hours": declared.hours}
    if declared.starts is None or declared.ends is None:
        return str(_("Then: “%(name)s”, %(hours)s hours.", **told))
    days = {"starts": format_day(declared.starts), "ends": format_day(declared.ends)}
    return str(_("Then: “%(name)s”, %(hours)s hours, from %(starts)s to %(ends)s.", **told, **days))


def _admits(design: CallDesign) -> Iterator[str]:
    if design.allocation.by is AllocateBy.BUDGET:
        return
    for places in design.allocation.places:
        whose = _whose(design, places)
        count = ngettext("%(num)d place", "%(num)d places", places.count)
        yield f"{count}: {whose}" if whose else count


def _whose(design: CallDesign, places: Places) -> str:
    named = []
    if places.kind:
        named.append(str(KINDS[OrganisationKind(places.kind)]))
    named += [in_language(line.name) for line in design.budget_lines if line.key == places.line]
    named += [area.name for area in design.areas if area.key == places.area]
    return " · ".join(named)
