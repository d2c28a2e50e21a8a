"""One fault of a call's file: where it is, what is wrong, and what to write instead."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

from portal.calls.rules.design import CallDesign, Selection
from portal.core.i18n import lazy_

LARGEST_AMOUNT = Decimal(10) ** 12
HUNDRED = Decimal(100)
AMOUNT = lazy_("Write an amount in euro above zero, with two decimals at most.")
PER_CENT = lazy_("Write a percentage from 0 to 100, with two decimals at most.")
ONE_AT_LEAST = lazy_("Write a whole number, one at least.")


@dataclass(frozen=True, slots=True)
class Fault:
    """`place` is the path of keys and positions, joined by dots; `line` is known for what came from a file.

    `words` say what is wrong and `mend` what to do, in the reader's language. `lacks` is the tag of a question that
    nobody asks: the designer can add it.
    """

    place: str
    words: object
    mend: object
    line: int | None = None
    lacks: str = ""

    def __str__(self) -> str:
        line = f"line {self.line}, " if self.line else ""
        return f"{line}{self.place or 'the file'}: {self.words} {self.mend}"


Faults = Iterator[Fault]
Check = Callable[[CallDesign], Faults]


@dataclass(frozen=True, slots=True)
class Seen:
    """The call as one phase has it; `at` gives the place in the file of a key that a phase may have of its own."""

    design: CallDesign
    prefix: str
    own: frozenset[str]

    def at(self, name: str) -> str:
        """Where this key stands: in the phase that declares it, else in the call."""
        return f"{self.prefix}{name}" if name in self.own else name


def views(design: CallDesign) -> list[Seen]:
    """The call itself, and once more for each phase that chooses in its own way."""
    found = [Seen(design, "", frozenset())]
    for index, phase in enumerate(design.phases):
        if phase.selection is not None:
            own = {each.name for each in fields(Selection) if getattr(phase.selection, each.name) is not None}
            found.append(Seen(design.at_phase(phase.key), f"phases.{index}.selection.", frozenset(own)))
    return found


def twice(values: Iterable[str]) -> list[str]:
    """What stands more than once."""
    return [value for value, times in Counter(values).items() if times > 1]


def has_two_decimals(value: Decimal) -> bool:
    """Whether it has two decimals at most."""
    return value == value.quantize(Decimal("0.01"))


def decimals_of(place: str, value: Decimal) -> Faults:
    """A fault where a number has more than two decimals."""
    if abs(value) < LARGEST_AMOUNT and not has_two_decimals(value):
        yield Fault(place, lazy_("%(value)s has more than two decimals.", value=str(value)),
                    lazy_("Round it to two decimals."))  # fmt: skip


def amount_of(place: str, value: Decimal) -> Faults:
    """A fault where a number is no amount above zero."""
    if not 0 < value < LARGEST_AMOUNT:
        yield Fault(place, lazy_("%(value)s is not an amount above zero.", value=str(value)), AMOUNT)
        return
    yield from decimals_of(place, value)


def per_cent_of(place: str, value: Decimal | None) -> Faults:
    """A fault where a number is no percentage from 0 to 100."""
    if value is not None and not 0 <= value <= HUNDRED:
        yield Fault(place, lazy_("%(value)s is not a percentage.", value=str(value)), PER_CENT)
    elif value is not None:
        yield from decimals_of(place, value)


def at_least_one(place: str, value: int | None) -> Faults:
    """A fault where a whole number is below one."""
    if value is not None and value < 1:
        yield Fault(place, lazy_("%(value)s is too little.", value=str(value)), ONE_AT_LEAST)


def one_of(place: str, value: str, known: Iterable[str], words: object) -> Faults:
    """A fault where a key names nothing: `words` say what it should name."""
    choices = sorted(known)
    if value not in choices:
        yield Fault(place, lazy_("“%(value)s” is not %(what)s.", value=value, what=words), choose(choices))


def choose(choices: Iterable[str]) -> object:
    """The mend that lists what may be written."""
    listed = ", ".join(choices)
    if not listed:
        return lazy_("There is none to choose: declare one first.")
    return lazy_("Choose one of: %(choices)s.", choices=listed)
