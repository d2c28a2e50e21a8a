"""What the types of a design refuse, in words: unknown keys with the nearest known one, missing keys, wrong values."""

import difflib
import types
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from portal.calls.rules import CallDesign
from portal.calls.rules.validity import Fault
from portal.core.i18n import lazy_

SEE = lazy_("Correct it: docs/call.schema.json says what goes here.")
FILE_NAMES = {"in_": "in", "not_": "not"}


def fault_of_type(item: Any) -> Fault:
    """One error of the reader of types, as a fault with its mend."""
    path = tuple(item["loc"])
    place = ".".join(map(str, path))
    match item["type"]:
        case "unexpected_keyword_argument":
            return Fault(place, lazy_("Nobody knows this key."), _nearest(path))
        case "missing" | "missing_argument" | "missing_keyword_only_argument":
            return Fault(place, lazy_("This key is missing."), lazy_("Write it."))
        case "enum":
            mend = lazy_("Choose one of: %(choices)s.", choices=str(item["ctx"]["expected"]).replace(" or ", ", "))
            return Fault(place, _wrong(item), mend)
        case "dataclass_type" | "dataclass_exact_type":
            return Fault(place, lazy_("This is not a group of keys."), SEE)
        case _:
            return Fault(place, _wrong(item), _by_type(str(item["type"])))


def _wrong(item: Any) -> object:
    shown = " ".join(str(item.get("input")).split())[:60]
    wrong: object = lazy_("“%(value)s” cannot be read here.", value=shown)
    return wrong


MENDS = {
    "decimal": lazy_('Write a number with a point, in quotes, such as "1250.00".'),
    "int": lazy_("Write a whole number, without quotes."),
    "float": lazy_("Write a number, such as 45.0703."),
    "bool": lazy_("Write true or false."),
    "date": lazy_("Write a day as 2026-12-31."),
    "datetime": lazy_("Write day and hour as 2026-12-31T12:00."),
    "string": lazy_("Write a text, in quotes."),
    "list": lazy_("Write a list: one item a line, each after a hyphen."),
    "dict": lazy_("Write a text in both languages: it and en."),
}


def _by_type(kind: str) -> object:
    words = kind.split("_")
    if kind.startswith(("datetime", "timezone")):
        return MENDS["datetime"]
    return MENDS.get(words[0], SEE)


def _nearest(path: tuple[Any, ...]) -> object:
    known = _keys_at(path[:-1])
    close = difflib.get_close_matches(str(path[-1]), known, n=1, cutoff=0.6)
    if close:
        mend: object = lazy_("Did you mean “%(key)s”?", key=close[0])
        return mend
    listed: object = lazy_("Take it away, or choose one of: %(choices)s.", choices=", ".join(sorted(known)))
    return listed if known else SEE


def _keys_at(path: tuple[Any, ...]) -> list[str]:
    """The keys that may stand at a place."""
    holder: Any = CallDesign
    for step in path:
        if is_dataclass(holder) and isinstance(step, str):
            names = {FILE_NAMES.get(each.name, each.name): each.name for each in fields(holder)}
            holder = dataclass_in(get_type_hints(holder).get(names.get(step, step))) if step in names else None
        if holder is None:
            return []
    return [FILE_NAMES.get(each.name, each.name) for each in fields(holder)]


def dataclass_in(hint: Any) -> Any:
    """The dataclass that a type holds, through lists and options; None when it holds none."""
    if is_dataclass(hint):
        return hint
    if get_origin(hint) in (list, Union, types.UnionType):
        return next((found for found in map(dataclass_in, get_args(hint)) if found is not None), None)
    return None
