"""What changed between two revisions of a call, part by part: the whole of its file, compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.calls.describe import words_of_place

Plain = dict[str, Any] | list[Any] | str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changed: where it stands, what it was (None: absent), what it became (None: absent)."""

    path: tuple[str, ...]
    before: str | None
    after: str | None

    @property
    def words(self) -> list[object]:
        """The place in the words of the designer and of the file's description."""
        return words_of_place(".".join(self.path))


def differences(before: Plain, after: Plain) -> list[Difference]:
    """Every changed value, in the order of the file; parts with a key are compared with their namesakes."""
    return list(_between(before, after, ()))


def _between(before: Plain, after: Plain, path: tuple[str, ...]) -> Iterator[Difference]:
    if before == after:
        return
    old, new = _parts(before), _parts(after)
    if old is not None and new is not None:
        for name in [*old, *(name for name in new if name not in old)]:
            yield from _between(old.get(name), new.get(name), (*path, name))
    elif old and after is None:
        yield from (Difference(each.path, each.before, None) for each in _between(before, _empty(before), path))
    elif new and before is None:
        yield from (Difference(each.path, None, each.after) for each in _between(_empty(after), after, path))
    else:
        yield Difference(path, _written(before), _written(after))


def _parts(value: Plain) -> dict[str, Plain] | None:
    """The named parts of a value; those of a list are named by their key, their number, or their place."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return {_name(item, place): item for place, item in enumerate(value, start=1)}
    return {} if value == [] else None


def _name(item: Plain, place: int) -> str:
    given = item if isinstance(item, dict) else {}
    named = given.get("key") or given.get("number")
    return str(named) if named else str(place)


def _empty(value: Plain) -> Plain:
    return {} if isinstance(value, dict) else []


def _written(value: Plain) -> str | None:
    """A value as it is shown; None for what is absent or empty."""
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
