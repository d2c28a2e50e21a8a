"""Points without loss: whole millionths inside, one rounding at the end (`security.md` P14)."""

from collections.abc import Iterable
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd

MAX_DECIMALS = 6
UNIT = 10**MAX_DECIMALS  # one point is a million units
_LARGEST = 10**9  # points; more is a slip of the keyboard
_AMPLE = Context(prec=60)  # not the thread's own context, which somebody may have narrowed
_FINEST = -30  # exponent; beyond it a number is hostile, not fine


def units_of(points: Decimal) -> int | None:
    """Points as whole millionths, or None where they are negative, not finite, too large or too fine."""
    if not isinstance(points, Decimal) or not points.is_finite():
        return None
    exponent = points.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < _FINEST or points < 0 or points > _LARGEST:
        return None
    numerator, denominator = points.as_integer_ratio()
    units, rest = divmod(numerator * UNIT, denominator)
    return None if rest else units


def has_at_most(points: Decimal, decimals: int) -> bool:
    """Whether points are zero or more, finite, and need no more than so many decimals."""
    units = units_of(points)
    return units is not None and units % 10 ** (MAX_DECIMALS - decimals) == 0


@lru_cache(maxsize=4096)
def must_be_units(points: Decimal) -> int:
    """Millionths of points that a scheme has already checked."""
    units = units_of(points)
    if units is None:
        raise ValueError(f"not a checked number of points: {points!r}")
    return units


def units_text(units: int) -> str:
    """Millionths written shortest: the same value gives the same text, however it was typed."""
    whole, rest = divmod(units, UNIT)
    return f"{whole}.{rest:06d}".rstrip("0") if rest else str(whole)


def fraction_text(numerator: int, denominator: int) -> str:
    """An exact value as a reduced fraction, `157/6`, or as a whole number, `26`."""
    common = gcd(numerator, denominator)
    low = denominator // common
    return str(numerator // common) if low == 1 else f"{numerator // common}/{low}"


def added(parts: Iterable[tuple[int, int]]) -> Fraction:
    """The sum of numerators and denominators, reduced once at the end."""
    numerator, denominator = 0, 1
    for above, below in parts:
        if below == denominator:
            numerator += above
        else:
            numerator, denominator = numerator * below + above * denominator, denominator * below
    return Fraction(numerator, denominator)


def rounded_steps(numerator: int, denominator: int, decimals: int, *, half_even: bool) -> int:
    """The value in whole steps of the last published decimal; nothing here is negative."""
    scale: int = 10**decimals
    steps, rest = divmod(numerator * scale, denominator)
    twice = 2 * rest
    up = twice > denominator or (twice == denominator and (not half_even or steps % 2 == 1))
    return steps + int(up)


@lru_cache(maxsize=65536)
def decimal_of_steps(steps: int, decimals: int) -> Decimal:
    """Published steps as a Decimal that keeps its zeros: 6000 steps of 2 decimals are 60.00."""
    return _AMPLE.scaleb(Decimal(steps), -decimals)


@lru_cache(maxsize=65536)
def steps_text(steps: int, decimals: int) -> str:
    """Published points with all their declared decimals: 60.00."""
    return str(decimal_of_steps(steps, decimals))
