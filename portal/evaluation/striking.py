"""Striking the names of an applicant out of what it wrote: its own, its people's, its partners'. Pure."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from portal.questionnaires.rules import QuestionType

STRUCK = "•••"
SAID_OF_THE_APPLICANT = (
    "name", "representative", "email", "pec", "phone", "website", "fiscal_code", "vat_number", "runts_number",
    "address",
)  # fmt: skip
SHORTEST = 4
"""What is shorter would be found in half of all words."""


def striker(content: Mapping[str, Any]) -> Callable[[Any], Any]:
    """What strikes the applicant's names, and those of its people and partners, out of a text or whatever holds one."""
    found = names_said(content)
    if not found:
        return as_it_is
    words = "|".join(re.sub(r"\\\s+|\s+", r"\\s+", re.escape(each)) for each in found)
    pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
    return lambda value: _struck(value, pattern)


def names_said(content: Mapping[str, Any]) -> list[str]:
    """What an applicant is called, and its people and partners, the longest first."""
    return sorted({each for each in _names(content) if len(each) >= SHORTEST}, key=lambda each: (-len(each), each))


def _names(content: Mapping[str, Any]) -> Iterator[str]:
    said = content["organisation"]
    yield from (str(said[key]) for key in SAID_OF_THE_APPLICANT if said.get(key))
    yield from (
        str(value) for each in said.get("partners", ()) for value in (each["name"], each["fiscal_code"]) if value
    )
    yield content.get("sent_by", {}).get("name") or ""
    for section in content["sections"]:
        for answer in section["answers"]:
            if answer.get("type") == QuestionType.PEOPLE.value:
                yield from _people(answer["value"] or ())


def _people(rows: Collection[Mapping[str, Any]]) -> Iterator[str]:
    """Everything that rows of people say in words; first and second name together and apart."""
    for row in rows:
        words = [value for value in row.values() if isinstance(value, str) and not _is_a_choice(value)]
        yield from words
        yield " ".join(words[:2])


def _is_a_choice(value: str) -> bool:
    """Dates, numbers and keys of options name nobody."""
    return value.replace("-", "").isdigit() or value == value.lower()


def _struck(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(STRUCK, value)
    if isinstance(value, Mapping):
        return {key: _struck(each, pattern) for key, each in value.items()}
    return [_struck(each, pattern) for each in value] if isinstance(value, list) else value


def as_it_is(value: Any) -> Any:
    return value
