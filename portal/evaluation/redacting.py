"""Taking persons out of what is released to others: evaluators by number, applicants by reference, no personal data.

Pure. What is left out says so, so that a reader can ask for it.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

LEFT_OUT = "[omesso]"
SHORTEST = 3
"""Family names that are shorter are looked for with the first name alone."""
EVALUATOR = "Commissario"
ABOUT_PEOPLE = frozenset({"age_days", "aged", "women", "gendered"})
"""Facts of an application that tell of the people in it."""
BY_PEOPLE = frozenset({"younger", "gender_majority"})
"""Tie-breaks whose figures tell of them."""
PATTERNS = tuple(
    re.compile(text)
    for text in (
        r"(?i)\b[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]\b",
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        r"\b[A-Z]{2}\d{2}[A-Z0-9](?:\s?[A-Z0-9]){10,29}\b",
        r"(?<![\w/-])(?:\+39[\s.-]?)?3\d{2}[\s.-]?\d{3}[\s.-]?\d{3,4}(?![\w/-])",
    )
)
"""Codici fiscali, addresses of mail, IBANs, mobile numbers."""


def numbered(evaluators: Iterable[str], salt: str) -> dict[str, str]:
    """“Commissario 1” and so on, in an order that tells nothing of who they are."""
    shuffled = sorted(set(evaluators), key=lambda each: hashlib.sha256(f"{salt}{each}".encode()).hexdigest())
    return {each: f"{EVALUATOR} {number}" for number, each in enumerate(shuffled, 1)}


def with_turns(people: Mapping[str, str]) -> dict[str, str]:
    """The names of people, and the same with the family name first; each with the words that stand for it."""
    turned = {" ".join((*each.split()[-1:], *each.split()[:-1])): words for each, words in people.items()}
    return turned | dict(people)


def family_names(people: Iterable[str]) -> frozenset[str]:
    """The last words of names of people: where one stands alone with a capital letter, it may be the person."""
    return frozenset(each.split()[-1] for each in people if len(each.split()) > 1 and len(each.split()[-1]) >= SHORTEST)


def redacted_text(text: str, names: Mapping[str, str], alone: Iterable[str] = ()) -> str:
    """Text without identifiers, and with other words for the names that are known; the longest name first.

    What stands in `alone` (family names) is left out where it begins with a capital letter, or is all capitals.
    """
    for name in sorted(names, key=len, reverse=True):
        words = r"\s+".join(re.escape(each) for each in name.split())
        text = re.sub(rf"(?i)(?<!\w){words}(?!\w)", names[name].replace("\\", r"\\"), text)
    for name in sorted(alone, key=len, reverse=True):
        text = re.sub(rf"(?<!\w)(?:{re.escape(name.title())}|{re.escape(name.upper())})(?!\w)", LEFT_OUT, text)
    for pattern in PATTERNS:
        text = pattern.sub(LEFT_OUT, text)
    return text


def redacted_document(document: Any, ids: Mapping[str, str], own: str) -> Any:
    """A stored document with every id by its other name, and what tells of people left out but for one's `own`."""
    match document:
        case dict():
            return {ids.get(key, key): _member(key, value, ids, own) for key, value in document.items()}
        case [neighbour, str() as by, _one, _other] if by in BY_PEOPLE:
            return [ids.get(neighbour, neighbour), by, LEFT_OUT, LEFT_OUT]
        case list():
            return [redacted_document(each, ids, own) for each in document]
        case str():
            return ids.get(document, document)
        case _:
            return document


def _member(key: str, value: Any, ids: Mapping[str, str], own: str) -> Any:
    if isinstance(value, dict) and "facts" in value and key != own:
        facts = {name: LEFT_OUT if name in ABOUT_PEOPLE else fact for name, fact in value["facts"].items()}
        value = {**value, "facts": facts}
    return redacted_document(value, ids, own)
