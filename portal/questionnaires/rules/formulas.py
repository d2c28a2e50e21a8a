"""Formulas: a line of arithmetic over named answers, parsed through an allow-list, computed exactly, never evaluated.

Numbers are in the units people write: euro, percentage points, plain numbers. Allowed: numbers, + - * /, minus before a
value, brackets, names (a column's key, or a tag with dots), and `min`, `max`, `sum`, `share(part, whole)` (per cent)
and `round(value, digits)`. Nothing else, neither powers nor comparisons.
"""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import lru_cache

LONGEST = 300
DEEPEST = 12
ROUND_AT_MOST = 6
FUNCTIONS = {"min": (1, 10), "max": (1, 10), "sum": (1, 10), "share": (2, 2), "round": (1, 2)}
"""The functions, each with the least and the most values it takes."""
_CHARACTERS = re.compile(r"[a-z0-9_.,+\-*/() ]+")
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,10})?")
_GLUED = re.compile(r"(?<![a-z0-9_.])[0-9][0-9.]*[a-z_]")
_PRECISE = Context(prec=60, rounding=ROUND_HALF_UP, traps=[DivisionByZero, InvalidOperation, Overflow])
_OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: _PRECISE.add,
    ast.Sub: _PRECISE.subtract,
    ast.Mult: _PRECISE.multiply,
    ast.Div: _PRECISE.divide,
}
Values = Callable[[str], Sequence[Decimal]]
"""The numbers that a name stands for: none while nothing is answered, several where a tag is on several answers."""


class MalformedFormula(ValueError):
    """The formula cannot be read; the message says how to write it."""


@dataclass(frozen=True, slots=True)
class _Number:
    written: Decimal

    def value(self, _values: Values) -> Decimal | None:
        return self.written


@dataclass(frozen=True, slots=True)
class _Name:
    name: str

    def value(self, values: Values) -> Decimal | None:
        found = values(self.name)
        return _total(found) if found else None


@dataclass(frozen=True, slots=True)
class _Operation:
    apply: Callable[[Decimal, Decimal], Decimal]
    left: "_Node"
    right: "_Node"

    def value(self, values: Values) -> Decimal | None:
        one, other = self.left.value(values), self.right.value(values)
        return None if one is None or other is None else self.apply(one, other)


@dataclass(frozen=True, slots=True)
class _Minus:
    inner: "_Node"

    def value(self, values: Values) -> Decimal | None:
        opposite = self.inner.value(values)
        return None if opposite is None else _PRECISE.minus(opposite)


@dataclass(frozen=True, slots=True)
class _Call:
    function: str
    given: tuple["_Node", ...]

    def value(self, values: Values) -> Decimal | None:
        found = [each.value(values) for each in self.given]
        known = [value for value in found if value is not None]
        if len(known) < len(found) and self.function != "sum":
            return None
        return _APPLIED[self.function](known)


_Node = _Number | _Name | _Operation | _Minus | _Call


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read: its text, the names it uses (each once), and its tree."""

    text: str
    names: tuple[str, ...]
    tree: _Node


@lru_cache(maxsize=1024)
def parse_formula(text: str) -> Formula:
    """Read a formula; MalformedFormula, in plain words, for everything that is not on the allow-list."""
    line = text.strip()
    if not line:
        raise MalformedFormula("write a formula, for example quantity * unit_cost")
    if len(line) > LONGEST:
        raise MalformedFormula(f"at most {LONGEST} characters")
    if not _CHARACTERS.fullmatch(line):
        raise MalformedFormula("only small letters, digits, _ . , + - * / and brackets")
    if _GLUED.search(line):
        raise MalformedFormula("put an operator between a number and a name; write decimals as in 0.5")
    try:
        parsed = ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise MalformedFormula("this is not arithmetic: check brackets, commas and operators") from None
    tree = _read(parsed, line, 1)
    return Formula(line, tuple(dict.fromkeys(_names(tree))), tree)


def _read(node: ast.expr, text: str, depth: int) -> _Node:
    """The node as part of a formula; refused unless it is on the allow-list."""
    if depth > DEEPEST:
        raise MalformedFormula(f"too deep: at most {DEEPEST} brackets, signs or operations one inside the other")
    match node:
        case ast.Constant():
            return _number(node, text)
        case ast.Name() | ast.Attribute():
            return _name(node)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() as sign, right=right):
            # a + b + c leans to the left: only what stands on the right goes deeper
            further = depth if isinstance(left, ast.BinOp) else depth + 1
            return _Operation(_OPERATORS[type(sign)], _read(left, text, further), _read(right, text, depth + 1))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _Minus(_read(operand, text, depth + 1))
        case ast.Call():
            return _call(node, text, depth)
        case _:
            raise MalformedFormula("only + - * / and the functions " + ", ".join(FUNCTIONS))


def _number(node: ast.Constant, text: str) -> _Number:
    written = ast.get_source_segment(text, node) or ""
    if not _NUMBER.fullmatch(written):
        raise MalformedFormula(f"{written}: write a number such as 1250 or 0.5, at most 15 digits and 10 decimals")
    return _Number(Decimal(written))


def _name(node: ast.expr) -> _Name:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        raise MalformedFormula("a dot stands only between the words of a tag, as in budget.total")
    parts.insert(0, node.id)
    name = ".".join(parts)
    if len(parts) > 4 or any(part.startswith("_") for part in parts):
        raise MalformedFormula(f"{name}: a name is one column, or two to four words with dots; none begins with _")
    if name in FUNCTIONS:
        raise MalformedFormula(f"{name}: this is a function; put its values in brackets after it")
    return _Name(name)


def _call(node: ast.Call, text: str, depth: int) -> _Call:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS:
        raise MalformedFormula(f"{name or 'this'}: no such function; there are " + ", ".join(FUNCTIONS))
    if node.keywords or any(isinstance(each, ast.Starred) for each in node.args):
        raise MalformedFormula(f"{name}: give values alone, separated by commas")
    least, most = FUNCTIONS[name]
    if not least <= len(node.args) <= most:
        raise MalformedFormula(f"{name}: takes {least if least == most else f'{least} to {most}'} values")
    given = tuple(_read(each, text, depth + 1) for each in node.args)
    if name == "round" and not _is_digits(given[-1]) and len(given) == 2:
        raise MalformedFormula(f"round: the second value is a number of digits, from 0 to {ROUND_AT_MOST}")
    return _Call(name, given)


def _is_digits(node: _Node) -> bool:
    return isinstance(node, _Number) and node.written in range(ROUND_AT_MOST + 1)


def _names(node: _Node) -> Iterator[str]:
    match node:
        case _Name(name):
            yield name
        case _Operation(_, left, right):
            yield from _names(left)
            yield from _names(right)
        case _Minus(inner):
            yield from _names(inner)
        case _Call(_, given):
            for each in given:
                yield from _names(each)


def names_in(text: str | None) -> tuple[str, ...]:
    """The names a formula uses; none where there is no formula, or none that can be read."""
    if text is None:
        return ()
    try:
        return parse_formula(text).names
    except MalformedFormula:
        return ()


def compute(formula: Formula, values: Values) -> Decimal | None:
    """The result, or None when it cannot be computed: an answer is missing, or something is divided by zero.

    A name with several values counts their sum; with none it is missing, except inside `sum`, where it counts nothing.
    Exact but for divisions, and for products beyond 60 digits. Never raises.
    """
    try:
        return formula.tree.value(values)
    except ArithmeticError:
        return None


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return _PRECISE.multiply(_PRECISE.divide(part, whole), Decimal(100))


def _total(values: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = _PRECISE.add(total, value)
    return total


def rounded(value: Decimal, places: int) -> Decimal:
    """The value with this many decimals, halves away from zero. Raises ArithmeticError beyond 60 digits."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_PRECISE)


_APPLIED: dict[str, Callable[[Sequence[Decimal]], Decimal]] = {
    "min": min,
    "max": max,
    "sum": _total,
    "share": lambda given: _share(*given),
    "round": lambda given: rounded(given[0], int(given[1]) if len(given) > 1 else 0),
}
