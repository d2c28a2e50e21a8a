"""A condition: a small typed tree over answers of other questions and facts of the applicant. Pure data."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar

Comparand = bool | int | float | str | date
"""What an answer is compared with: money in euro, percentages in points, dates as 2026-12-31, options by key."""

COMPARISONS = ("equals", "differs", "in_", "above", "at_least", "below", "at_most", "answered")
BRANCHES = ("all", "any", "not_")
SUBJECTS = ("question", "fact")


def _plain(name: str) -> str:
    return name.rstrip("_")


@dataclass(frozen=True)
class Condition:
    """Exactly one of `all`, `any`, `not`, or one comparison of one `question` or one `fact`.

    In files the keys `not` and `in` have no underscore. Every comparison with an answer or fact that is missing is
    false, `differs` as well; only `answered: false` is then true.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "alias_generator": _plain,
        "serialize_by_alias": True,
        "validate_by_alias": True,
        "validate_by_name": False,
    }

    all: "list[Condition] | None" = None
    any: "list[Condition] | None" = None
    not_: "Condition | None" = None
    question: str | None = None
    fact: str | None = None
    equals: Comparand | None = None
    differs: Comparand | None = None
    in_: list[Comparand] | None = None
    above: Comparand | None = None
    at_least: Comparand | None = None
    below: Comparand | None = None
    at_most: Comparand | None = None
    answered: bool | None = None

    def __post_init__(self) -> None:
        """Days read from a file become text, so that storing and reading again gives the same condition."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, date):
                object.__setattr__(self, each.name, value.isoformat())
        if self.in_ is not None:
            plain = [item.isoformat() if isinstance(item, date) else item for item in self.in_]
            object.__setattr__(self, "in_", plain)

    @property
    def parts(self) -> "list[Condition]":
        """The conditions this one is made of; none for a comparison."""
        return [*(self.all or []), *(self.any or []), *([self.not_] if self.not_ is not None else [])]

    @property
    def given(self) -> list[str]:
        """The names of the fields that are filled in."""
        return [each.name for each in fields(self) if getattr(self, each.name) is not None]

    @property
    def comparison(self) -> tuple[str, Any] | None:
        """How it compares, and with what; None for a branch or a fault."""
        found = [(name, getattr(self, name)) for name in COMPARISONS if getattr(self, name) is not None]
        return found[0] if len(found) == 1 else None
