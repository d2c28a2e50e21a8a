"""What no act may change once the first phase has opened: ways of choosing are set in advance (L. 241/1990, 12)."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from portal.calls.rules.design import ApplicantRule, CallDesign, Selection
from portal.calls.rules.validity.fault import Fault
from portal.core.i18n import lazy_

WAYS_OF_CHOOSING = (
    "criteria", "weights_sum", "minimum_total", "cap", "tie_breaks", "edge_rule", "allocation", "rankings",
    "evaluation",
)  # fmt: skip
FROZEN = (*WAYS_OF_CHOOSING, "rounding", "decimals", "own_share", "participation", "eligibility", "flow", "sending",
          "admission")  # fmt: skip
OF_APPLICANTS = tuple(each.name for each in fields(ApplicantRule) if each.name != "name")
OF_OPTIONS = ("key", "form", "flat_rate", "rate", "amount")
WORDS = lazy_("This was fixed when the call opened.")
MEND = lazy_("Leave it as it was: it cannot change until the call is over.")


def is_frozen(place: Sequence[str | int]) -> bool:
    """Whether what stands at a place is fixed once the first phase has opened; texts there may still be put better."""
    match tuple(place):
        case ("applicants",) | ("applicants", int()):
            return True
        case ("applicants", int(), str(name), *_):
            return name in OF_APPLICANTS
        case ("phases", int(), "entry", *_):
            return True
        case ("phases", int(), "selection", str(name), *_):
            return name in WAYS_OF_CHOOSING
        case ("costs", "options", int(), str(name), *_):
            return name in OF_OPTIONS
        case ("costs", "options", *_) | ("costs", "categories", int(), "option"):
            return True
        case (str(name), *_):
            return name in FROZEN
        case _:
            return False


def frozen_after_opening(old: CallDesign, new: CallDesign) -> list[Fault]:
    """What differs between two designs of a call and may not, once its first phase has opened."""
    return list(_differences(old, new))


def _differences(old: CallDesign, new: CallDesign) -> Iterator[Fault]:
    for name in FROZEN:
        yield from _same(name, getattr(old, name), getattr(new, name))
    yield from _same("costs.options", old.costs.options, new.costs.options)
    yield from _same("costs.categories", _counted(old), _counted(new))
    yield from _applicants(old, new)
    yield from _added(old, new)
    for index, phase in enumerate(old.phases):
        if index >= len(new.phases) or new.phases[index].key != phase.key:
            yield Fault(f"phases.{index}", lazy_("A phase was taken away or moved."), MEND)
            continue
        other = new.phases[index]
        yield from _same(f"phases.{index}.entry", phase.entry, other.entry)
        for name in WAYS_OF_CHOOSING:
            was, becomes = getattr(phase.selection or Selection(), name), getattr(other.selection or Selection(), name)
            yield from _same(f"phases.{index}.selection.{name}", was, becomes)


def _counted(design: CallDesign) -> list[tuple[str, str]]:
    """Which option counts each kind of cost: budgets were computed by it."""
    return [(each.key, each.option) for each in design.costs.categories if each.option is not None]


def _added(old: CallDesign, new: CallDesign) -> Iterator[Fault]:
    """A phase more would make the last one only a choice of who goes on: its winners would get no grant."""
    for index in range(len(old.phases), len(new.phases)):
        yield Fault(f"phases.{index}", lazy_("A phase was added."), MEND)


def _applicants(old: CallDesign, new: CallDesign) -> Iterator[Fault]:
    if [rule.kind for rule in old.applicants] != [rule.kind for rule in new.applicants]:
        yield Fault("applicants", WORDS, MEND)
        return
    for index, (was, becomes) in enumerate(zip(old.applicants, new.applicants, strict=True)):
        for name in OF_APPLICANTS:
            yield from _same(f"applicants.{index}.{name}", getattr(was, name), getattr(becomes, name))


def _same(place: str, was: Any, becomes: Any) -> Iterator[Fault]:
    """Texts apart: a name or a guide may be put in better words."""
    if _without_texts(was) != _without_texts(becomes):
        yield Fault(place, WORDS, MEND)


def _without_texts(value: Any) -> Any:
    """The value without its texts in several languages."""
    if isinstance(value, list):
        return [_without_texts(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: _without_texts(getattr(value, each.name)) for each in fields(value)}
    return None if isinstance(value, dict) else value
