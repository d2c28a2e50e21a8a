"""What the owner of a table prescribes: cells fixed by the kind of a row, rows that follow from others. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.questionnaires.rules.design import Text
from portal.questionnaires.rules.formulas import rounded
from portal.questionnaires.rules.priced import BY, Row

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Fixed:
    """The cells that every row of a kind has, as they are stored, and why."""

    cells: Mapping[str, Any]
    how: Text


@dataclass(frozen=True, slots=True)
class Share:
    """A row that nobody types: so much per cent of what the rows of other kinds amount to."""

    kind: str
    name: Text
    of: frozenset[str]
    rate: Decimal
    how: Text

    def cents_of(self, base: int) -> int:
        """Rounded once, to the cent, halves away from zero."""
        return int(rounded(Decimal(base) * self.rate / HUNDRED, 0))


@dataclass(frozen=True, slots=True)
class Pricing:
    """One table: the columns of the kind and of the amount, what is fixed by kind, and its shares in their order."""

    kind: str
    amount: str
    fixed: Mapping[str, Fixed] = field(default_factory=dict)
    shares: tuple[Share, ...] = ()

    def with_fixed(self, row: Row) -> Row:
        """The row with the cells that its kind fixes, whatever was typed there."""
        found = self.fixed.get(str(row.get(self.kind)))
        if found is None:
            return row
        return {**row, **found.cells, BY: {"column": self.kind, "how": dict(found.how)}}

    def derived(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that follow from these, in the order of the shares: each may count those before it."""
        amounts = _amounts(rows, self.kind, self.amount)
        found = []
        for share in self.shares:
            base = sum(cents for kind, cents in amounts.items() if kind in share.of)
            amounts[share.kind] = share.cents_of(base)
            by = {"column": self.kind, "how": dict(share.how), "name": dict(share.name), "rate": f"{share.rate:f}",
                  "base": base}  # fmt: skip
            found.append({self.kind: share.kind, self.amount: amounts[share.kind], BY: by})
        return found


NO_PRICING: Mapping[str, Pricing] = {}


def _amounts(rows: Sequence[Row], kind: str, amount: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        cents = row.get(amount)
        if isinstance(cents, int) and not isinstance(cents, bool):
            found[str(row.get(kind))] = found.get(str(row.get(kind)), 0) + cents
    return found
