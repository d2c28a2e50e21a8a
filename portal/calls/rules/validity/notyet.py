"""What a call may declare and no room interprets yet. Never silently ignored: the publication checklist refuses it.

A row goes when its interpreter comes; a test finds one or the other for every value and every key of a design.
"""

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from typing import Any

from portal.calls.rules.design import (
    AidRegime,
    CallDesign,
    Cofinancing,
    Flow,
    OwnShare,
    PhaseDesign,
)
from portal.calls.rules.validity.fault import Fault
from portal.core.i18n import lazy_

_AID = lazy_("This version cannot yet keep the register of aid exempted from notification.")
_SPORTELLO = lazy_("This version cannot yet run a call in order of arrival.")

_VALUES: tuple[tuple[Enum, object], ...] = (
    (Flow.SPORTELLO, _SPORTELLO),
    (Cofinancing.CROWDFUNDING, lazy_("This version cannot yet make a grant depend on a crowdfunding.")),
    (AidRegime.EXEMPTED, _AID),
)
NOT_YET: dict[tuple[type[Enum], object], object] = {(type(value), value.value): words for value, words in _VALUES}
"""Values that no room interprets yet, with the words of the checklist; by enum and value, as two enums share words."""

NOT_YET_KEYS: dict[tuple[type, str], object] = {
    (OwnShare, "crowdfunding"): lazy_("This version cannot yet make a grant depend on a crowdfunding."),
    (PhaseDesign, "batches"): _SPORTELLO,
}
"""Keys that no room interprets yet, when they say anything but their default."""
WAIT = lazy_("Take it away, or publish with a version that can.")


def not_yet(design: CallDesign) -> list[Fault]:
    """Whatever this version cannot keep, with its place; an empty list when there is nothing."""
    return list(dict.fromkeys(_in(design, "")))


def _in(value: Any, place: str) -> Iterator[Fault]:
    if isinstance(value, Enum):
        if (type(value), value.value) in NOT_YET:
            yield Fault(place, NOT_YET[type(value), value.value], WAIT)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _key(value, each, f"{place}.{each.name}".lstrip("."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _in(item, f"{place}.{index}")


def _key(holder: Any, each: "Field[Any]", place: str) -> Iterator[Fault]:
    value = getattr(holder, each.name)
    words = NOT_YET_KEYS.get((type(holder), each.name))
    if words is not None and value != default_of(each):
        yield Fault(place, words, WAIT)
    yield from _in(value, place)


def default_of(each: "Field[Any]") -> Any:
    """What a key is when it is not written; MISSING where it must be."""
    return each.default_factory() if each.default_factory is not MISSING else each.default
