"""The municipalities of Italy by their ISTAT code, from the table that ISTAT publishes (`domain.md` §5.9)."""

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "municipalities.csv"


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality: six digits of ISTAT, its names, the two letters of its province, the cadastral code."""

    istat: str
    name: str
    other_name: str
    province: str
    cadastral: str

    @property
    def label(self) -> str:
        """The name with the province: no two municipalities share it."""
        return f"{self.name} ({self.province})"


@cache
def municipalities() -> dict[str, Municipality]:
    """Every municipality by its ISTAT code, in the order of the codes. Read once."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        next(rows)
        return {row[0]: Municipality(*row) for row in rows}


@cache
def _by_name() -> dict[str, list[Municipality]]:
    found: dict[str, list[Municipality]] = {}
    for each in municipalities().values():
        for name in {_plain(written) for written in _written(each)}:
            found.setdefault(name, []).append(each)
    return found


def _written(each: Municipality) -> Iterator[str]:
    yield from (each.istat, each.name, each.label)
    if each.other_name:
        yield from (each.other_name, f"{each.other_name} ({each.province})")


def municipalities_named(text: str) -> list[Municipality]:
    """The municipalities meant by a code, a name ("Forlì", "forli'") or a name with its province ("Livo (CO)").

    Capitals, accents and apostrophes do not matter. Several where provinces share a name; none when nothing fits.
    """
    return list(_by_name().get(_plain(text), ()))


def municipalities_like(text: str, most: int = 10) -> list[Municipality]:
    """The first municipalities whose name begins with this, in alphabetical order; none for an empty text."""
    begun = _plain(text)
    if not begun:
        return []
    found = {each.istat: each for name, all_ in _by_name().items() if name.startswith(begun) for each in all_}
    return sorted(found.values(), key=lambda each: (_plain(each.name) != begun, each.name, each.province))[:most]


def _plain(text: str) -> str:
    """Letters, digits and brackets alone, without accents, in small letters."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in apart if sign.isalnum() or sign == "(")
