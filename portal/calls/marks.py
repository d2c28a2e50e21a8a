"""YAML read with its line numbers, and nothing in it that makes a short file long or a key stand twice."""

from dataclasses import dataclass
from typing import Any

import yaml

from portal.calls.rules.validity import Fault
from portal.core.i18n import lazy_

LARGEST_FILE = 1_000_000
"""Bytes of a call's file; the largest shipped one has some 40 000."""
DEEPEST = 40
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where it is there: ten times faster."""


class NotACallFile(Exception):
    """The text cannot be read at all."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Marks:
    """The line, from 1, on which each key or item begins."""

    lines: dict[str, int]

    def line_of(self, place: str) -> int | None:
        """The line of a place, or of the nearest one above that is in the file."""
        parts = place.split(".")
        while parts:
            found = self.lines.get(".".join(parts))
            if found is not None:
                return found
            parts.pop()
        return self.lines.get("")


def read_marked(text: str) -> tuple[Any, Marks]:
    """The data of a YAML text and where each part stands. Raises NotACallFile."""
    if len(text) > LARGEST_FILE or len(text.encode("utf-8", "replace")) > LARGEST_FILE:
        raise NotACallFile(too_large())
    try:
        _refuse_aliases(text)
        loader = _Safe(text)
        try:
            root = loader.get_single_node()
            lines = {"": 1}
            if root is not None:
                _walk(root, "", lines)
            data = None if root is None else loader.construct_document(root)
        finally:
            loader.dispose()
    except NotACallFile:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotACallFile(_not_yaml(error)) from error
    return data, Marks(lines)


def too_large() -> Fault:
    """What is said of a file that is too large to be read."""
    return Fault("", lazy_("The file is larger than %(most)s bytes.", most=LARGEST_FILE),
                 lazy_("A call is a short text: keep pictures and acts as attachments."))  # fmt: skip


def _refuse_aliases(text: str) -> None:
    """An alias could make a short file long (a YAML bomb), and one nested too deep could stop the reader."""
    depth = 0
    for event in yaml.parse(text, Loader=_Safe):
        if isinstance(event, yaml.AliasEvent):
            raise NotACallFile(Fault("", lazy_("Aliases (*%(name)s) are not taken.", name=event.anchor),
                                     lazy_("Write the text out."), _line(event)))  # fmt: skip
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise NotACallFile(Fault("", lazy_("The file is nested too deep."), lazy_("No call needs that."),
                                     _line(event)))  # fmt: skip


def _line(event: yaml.Event) -> int | None:
    return event.start_mark.line + 1 if event.start_mark else None


def _walk(node: yaml.Node, place: str, lines: dict[str, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                raise NotACallFile(Fault(f"{place}.{name}".lstrip("."), lazy_("This key stands twice."),
                                         lazy_("Leave it once."), key.start_mark.line + 1))  # fmt: skip
            seen.add(name)
            inner = f"{place}.{name}".lstrip(".")
            lines[inner] = key.start_mark.line + 1
            _walk(value, inner, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            inner = f"{place}.{index}".lstrip(".")
            lines[inner] = item.start_mark.line + 1
            _walk(item, inner, lines)


def _not_yaml(error: Exception) -> Fault:
    mark = getattr(error, "problem_mark", None)
    why = getattr(error, "problem", None) or str(error)
    return Fault("", lazy_("This is not YAML: %(why)s.", why=" ".join(str(why).split())[:200]),
                 lazy_("Check indentation, quotes and brackets."), mark.line + 1 if mark else None)  # fmt: skip
