"""What stands between two phases of a call: who enters the later one, and what is missing, in words. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.applications.labels import LABELS
from portal.applications.rules import ApplicationStatus
from portal.calls.rules import Accompaniment, CallDesign, IncorporateBefore, PhaseDesign, PhaseGate, Text
from portal.core.i18n import in_language, lazy_
from portal.core.instants import format_hours

AWAITED = frozenset(
    {
        ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED, ApplicationStatus.INTEGRATION_REQUESTED,
        ApplicationStatus.ADMISSIBLE, ApplicationStatus.SCORED,
    }
)  # fmt: skip
"""No final ranking has spoken of it yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an applicant that asks to enter a later phase."""

    name: str
    is_informal: bool
    reference: str = ""
    status: ApplicationStatus | None = None
    """Of its application of the phase before; None: there is none."""
    attended: int = 0
    is_invited: bool = False
    entered_as: tuple[str, str] = ("", "")
    """The kind and the legal form as which it entered the call."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One gate that is closed, why, and where it is mended: at the applicant's own pages, or at the office."""

    gate: PhaseGate
    message: object
    is_for_the_applicant: bool = False


def needed_minutes(declared: Accompaniment) -> int:
    """The least attendance of an accompaniment, in whole minutes: a part of a minute counts as one."""
    exact = declared.hours * 60 * declared.minimum_attendance / 100
    whole = int(exact)
    return whole if whole == exact else whole + 1


def gates_of(design: CallDesign, key: str, entered_as: tuple[str, str] = ("", "")) -> list[PhaseGate]:
    """The gates of a phase for an applicant: those declared, and the duty of its rule to be an entity by then."""
    gates = list(design.phase(key).entry)
    rule = design.rule_for(*entered_as)
    promised = rule is not None and rule.must_incorporate_before is IncorporateBefore.NEXT_PHASE
    if promised and key != design.phases[0].key and PhaseGate.INCORPORATED not in gates:
        gates.append(PhaseGate.INCORPORATED)
    return gates


def closed_gates(design: CallDesign, key: str, standing: Standing) -> list[Missing]:
    """Everything that keeps an applicant out of a phase, at once; empty where it may enter."""
    gates = gates_of(design, key, standing.entered_as)
    return [missing for gate in gates if (missing := GATES[gate](design, key, standing)) is not None]


@dataclass(frozen=True, slots=True)
class _Named:
    """A text of the call that is read in the reader's language only when it is."""

    text: Text

    def __str__(self) -> str:
        return in_language(self.text)


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes that are written as hours only when they are read."""

    minutes: int

    def __str__(self) -> str:
        return format_hours(self.minutes)


def _selected(design: CallDesign, key: str, standing: Standing) -> Missing | None:
    if standing.status is ApplicationStatus.SELECTED:
        return None
    told = {"name": standing.name, "phase": _Named(_before(design, key).name), "reference": standing.reference}
    if standing.status is None:
        words = lazy_(
            "%(name)s has no application to “%(phase)s”: this phase is open to those alone whom the final ranking of"
            " that one admitted.",
            **told,
        )
    elif standing.status in AWAITED:
        words = lazy_(
            "The ranking of “%(phase)s” is not final yet: this phase opens to those whom it admits."
            " The office publishes it.",
            **told,
        )
    else:
        words = lazy_(
            "The application %(reference)s to “%(phase)s” is “%(status)s”: this phase is open to those alone whom the"
            " final ranking admitted.",
            status=LABELS[standing.status], **told,
        )  # fmt: skip
    return Missing(PhaseGate.SELECTED, words)


def _attended(design: CallDesign, key: str, standing: Standing) -> Missing | None:
    declared = _before(design, key).accompaniment
    if declared is None or standing.is_invited or standing.attended >= needed_minutes(declared):
        return None
    words = lazy_(
        "“%(name)s”: %(attended)s attended of %(hours)s, and %(needed)s are needed. If the register of attendance is"
        " wrong, write to the office: it corrects it with a reason.",
        name=_Named(declared.name),
        attended=Hours(standing.attended),
        hours=Hours(declared.hours * 60),
        needed=Hours(needed_minutes(declared)),
    )
    return Missing(PhaseGate.ATTENDED, words)


def _incorporated(_design: CallDesign, _key: str, standing: Standing) -> Missing | None:
    if not standing.is_informal:
        return None
    words = lazy_(
        "%(name)s is still an informal group: this phase asks for a legal entity. Record its deed from the page of the"
        " application %(reference)s; the office confirms it.",
        name=standing.name,
        reference=standing.reference or "–",
    )
    return Missing(PhaseGate.INCORPORATED, words, is_for_the_applicant=standing.status is ApplicationStatus.SELECTED)


def _before(design: CallDesign, key: str) -> PhaseDesign:
    keys = [each.key for each in design.phases]
    return design.phases[keys.index(key) - 1]


GATES: dict[PhaseGate, Callable[[CallDesign, str, Standing], Missing | None]] = {
    PhaseGate.SELECTED: _selected,
    PhaseGate.ATTENDED: _attended,
    PhaseGate.INCORPORATED: _incorporated,
}
"""The interpreter of each gate."""
