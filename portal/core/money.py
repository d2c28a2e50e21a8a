"""Money is whole cents: read strictly, shared exactly, never a float (`design.md` §4.3)."""

import re
from collections.abc import Sequence

from portal.core.errors import Invalid
from portal.core.i18n import lazy_, locale

MAX_EURO_DIGITS = 12
WHOLE = 10_000  # basis points
_LONGEST = 64  # characters; no honest amount is longer
_GAP = "\u00a0\u202f\u2009"  # no-break, narrow no-break and thin space, as pasted from a spreadsheet
_CURRENCY = r"(?:€|euro?)"
_SHELL = re.compile(
    rf"(?P<sign>[-\u2212]?)(?P<before>{_CURRENCY}[ {_GAP}]?)?(?P<inner>[-\u2212]?)"
    rf"(?P<number>[0-9.,{_GAP}]*[0-9.,])(?P<after>[ {_GAP}]?{_CURRENCY})?",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    rf"(?P<whole>[1-9][0-9]{{0,2}}(?P<gap>[.{_GAP}])[0-9]{{3}}(?:(?P=gap)[0-9]{{3}})*|0|[1-9][0-9]*)"
    r"(?:,(?P<cents>[0-9]{1,2}))?"
)
_ENGLISH = re.compile(r"(?P<whole>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<cents>[0-9]{1,2}))?")
_LONG_DECIMALS = re.compile(r"[0-9.]+,[0-9]{3,}")


def parse_amount(text: str, *, allow_negative: bool = False, field: str | None = None) -> int:
    """Read an amount as written in Italy and return cents.

    A dot always separates thousands and stands before exactly three digits, a comma always comes before
    one or two decimals: `1.234,50`, `1234,5`, `12.000`, `€ 12,00`, `5 EUR`. What could be read another
    way (`1234.50`, `1,234.50`, `1,234`) raises Invalid with the way to write it.
    """
    stripped = text.strip()
    if not stripped:
        raise Invalid(lazy_("Write an amount in euros, for example 1.234,50."), field)
    shell = _SHELL.fullmatch(stripped) if len(stripped) <= _LONGEST else None
    if shell is None or (shell["before"] and shell["after"]) or (shell["sign"] and shell["inner"]):
        raise Invalid(_how_to_write(), field)
    negative = bool(shell["sign"] or shell["inner"])
    if negative and not allow_negative:
        raise Invalid(lazy_("The amount cannot be negative. Write it without the minus sign."), field)
    cents = _cents(shell["number"], field)
    return -cents if negative else cents


def _cents(number: str, field: str | None) -> int:
    amount = _AMOUNT.fullmatch(number)
    if amount is None:
        raise Invalid(_mend(number), field)
    digits = re.sub(r"[^0-9]", "", amount["whole"])
    if len(digits) > MAX_EURO_DIGITS:
        raise Invalid(lazy_("The amount is too large. Write at most %(count)d digits.", count=MAX_EURO_DIGITS), field)
    return int(digits) * 100 + int((amount["cents"] or "").ljust(2, "0"))


def _mend(number: str) -> object:
    """Say how to write what was probably meant."""
    english = _ENGLISH.fullmatch(number)
    if english is not None:
        whole = english["whole"].replace(",", ".")
        meant = f"{whole},{english['cents']}" if english["cents"] else whole
        if _AMOUNT.fullmatch(meant):
            return lazy_(
                "%(written)s can be read in two ways. Write %(meant)s: a dot between thousands,"
                " a comma before the cents.",
                written=number,
                meant=meant,
            )
    if _LONG_DECIMALS.fullmatch(number):
        return lazy_("Cents have two digits. Write at most two digits after the comma.")
    return _how_to_write()


def _how_to_write() -> object:
    return lazy_("This is not an amount. Write it like 1.234,50, with a comma before the cents.")


def format_cents(cents: int, locale: str = "it") -> str:
    """Write cents as `1.234,50` (it) or `1,234.50` (en), without a currency sign."""
    sign = "-" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    english = f"{sign}{euros:,}.{rest:02d}"
    return english if locale == "en" else english.translate(str.maketrans(",.", ".,"))


def format_money(cents: int | None) -> str:
    """€ 1.234,50 in Italian, €1,234.50 in English; a dash for nothing."""
    if cents is None:
        return "–"
    text = format_cents(cents, locale())
    return f"€ {text}" if locale() == "it" else f"€{text}"


def share(cents: int, basis_points: int) -> int:
    """The given share of an amount, in cents, halves away from zero (10 000 basis points are the whole)."""
    size = (abs(cents) * abs(basis_points) * 2 + WHOLE) // (2 * WHOLE)
    return size if (cents < 0) == (basis_points < 0) else -size


def split_cents(total: int, weights: Sequence[int]) -> list[int]:
    """Split cents in proportion to whole weights; the parts add up exactly.

    Largest remainder: cents left over go to the largest fractions, the earlier part first on equal ones.
    Raises ValueError for a negative weight or when no weight is positive.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative, and one at least must be positive")
    sign = -1 if total < 0 else 1
    parts, remainders = [], []
    for weight in weights:
        part, remainder = divmod(abs(total) * weight, whole)
        parts.append(part)
        remainders.append(remainder)
    by_remainder = sorted(range(len(parts)), key=lambda index: -remainders[index])
    for index in by_remainder[: abs(total) - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]
