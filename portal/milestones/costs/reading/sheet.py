"""The rows of a spreadsheet as costs, and every fault of every row: nothing is kept where there is one."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.core.apart import NotDone, call_apart
from portal.core.i18n import lazy_
from portal.milestones.costs.labels import FIELDS
from portal.milestones.costs.rules import LineSource
from portal.milestones.costs.rules.cost import Cost
from portal.milestones.costs.rules.faults import cost_faults
from portal.milestones.costs.rules.terms import Terms
from portal.milestones.costs.rules.typed import Vocabulary, is_empty, read_cost

MOST_ROWS = 20_101
"""The head and those below it: what `sheet_apart` hands over, and one more where rows stand beyond."""
APART = "portal.milestones.costs.reading.sheet_apart"
TOLD_EVERY = 1_000
"""Rows after which somebody hears how far it is."""
MOST_FAULTS = 200
"""So many are told: whoever has more begins with these."""
ASKED = ("category",)
TOLD_ELSEWHERE = frozenset({"files"})


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in a row, by the number that the spreadsheet shows."""

    row: int
    column: object
    words: object


@dataclass(slots=True)
class SheetRead:
    """What came of a spreadsheet."""

    costs: list[Cost] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    rows: int = 0


def rows_in(content: bytes, kind: str) -> list[list[Any]]:
    """Every row, read by a process apart. Raises NotDone."""
    try:
        found: list[list[Any]] = json.loads(call_apart(APART, content, kind))
    except ValueError as error:
        raise NotDone(APART) from error
    return found


def read_sheet(
    rows: Sequence[Sequence[Any]], heads: Mapping[str, str], vocabulary: Vocabulary, terms: Terms,
    tell: Callable[[int], None] = lambda _done: None,
) -> SheetRead:  # fmt: skip
    """Costs and faults; columns in any order, blank rows skipped. `tell` hears how many rows are judged so far."""
    read = SheetRead()
    columns = _columns(rows[0] if rows else [], heads, read.faults)
    if len(rows) > MOST_ROWS:
        words = lazy_("There are rows below row %(most)d: make two files, or take the empty rows out.", most=MOST_ROWS)
        read.faults.append(RowFault(MOST_ROWS + 1, "", words))
    if read.faults:
        return read
    for number, row in enumerate(rows[1:], 2):
        if number % TOLD_EVERY == 0:
            tell(number)
        cells = {name: row[place] for place, name in columns if place < len(row)}
        if all(is_empty(cell) for cell in cells.values()):
            continue
        read.rows += 1
        cost, unread = read_cost(cells, vocabulary, source=LineSource.SPREADSHEET)
        known = {each.field for each in unread}
        others = [each for each in cost_faults(cost, terms) if each.field not in known | TOLD_ELSEWHERE]
        read.faults += [RowFault(number, FIELDS.get(each.field, ""), each.words) for each in [*unread, *others]]
        read.costs.append(cost)
    if not read.rows:
        read.faults.append(RowFault(2, "", lazy_("There is no row below the heads of the columns.")))
    return read


def _columns(head: Sequence[Any], heads: Mapping[str, str], faults: list[RowFault]) -> list[tuple[int, str]]:
    found = [(place, heads.get(str(cell or "").strip().lower())) for place, cell in enumerate(head)]
    for place, name in found:
        if name is None and str(head[place] or "").strip():
            words = lazy_("The column “%(head)s” is not known: take the heads from the template.", head=head[place])
            faults.append(RowFault(1, "", words))
    named = [(place, name) for place, name in found if name is not None]
    faults.extend(_heads_twice(named))
    faults.extend(_heads_missing({name for _place, name in named}))
    return named


def _heads_twice(named: Sequence[tuple[int, str]]) -> Iterator[RowFault]:
    names = [name for _place, name in named]
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield RowFault(1, FIELDS[name], lazy_("This column stands twice: leave one."))


def _heads_missing(names: set[str]) -> Iterator[RowFault]:
    for name in ASKED:
        if name not in names:
            yield RowFault(1, FIELDS[name], lazy_("This column is missing: take the heads from the template."))
