"""The order of questions: what moves where, and which conditions would then look at what is asked only later."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.calls.designer.places import Document, Place, value_at
from portal.calls.designer.references import User, names_asked, parts_of
from portal.calls.rules.design import Questionnaire

OF_SECTIONS = 4
"""Steps at the end of a question's place: sections, its section, questions, its own position."""


def sections_around(place: Place) -> Place | None:
    """The list of sections that a question stands in; None for whatever is no question of a section."""
    if len(place) < OF_SECTIONS or place[-2] != "questions" or place[-OF_SECTIONS] != "sections":
        return None
    return place[: 1 - OF_SECTIONS]


def section_number(place: Place) -> int:
    """The position of the section that a question stands in."""
    return int(place[1 - OF_SECTIONS])


def sent(sections: list[dict[str, Any]], place: Place, to: int, *, first: bool) -> tuple[list[dict[str, Any]], int]:
    """The sections once a question stands in another one, as its first or its last; and its position there."""
    at, index = section_number(place), int(place[-1])
    moved = [{**section, "questions": list(section["questions"])} for section in sections]
    question = moved[at]["questions"].pop(index)
    goal = 0 if first else len(moved[to]["questions"])
    moved[to]["questions"].insert(goal, question)
    return moved, goal


@dataclass(frozen=True, slots=True)
class Look:
    """A condition that looks at a question: whose, where it stands, at which, and whether that one comes later."""

    asker: str
    place: Place
    name: str
    is_forward: bool


def newly_looking_forward(before: Document, after: Document) -> list[User]:
    """Conditions that look at a question asked after them, and did not before: as users, where they stand now."""
    ahead = {(look.asker, look.name) for look in _looks(after) if look.is_forward}
    return [
        User(look.place, "when", "questions", look.name)
        for look in _looks(before)
        if not look.is_forward and (look.asker, look.name) in ahead
    ]


def _looks(document: Document) -> Iterator[Look]:
    for part in parts_of(document):
        if part.of is Questionnaire:
            yield from _in_form((*part.place, "sections"), part.says["sections"])


def _in_form(place: Place, sections: list[dict[str, Any]]) -> Iterator[Look]:
    every = {question["key"] for section in sections for question in section["questions"]}
    asked: set[str] = set()
    for number, section in enumerate(sections):
        for name in names_asked(section.get("when")):
            yield Look(f"section {section['key']}", (*place, number), name, name in every - asked)
        for index, question in enumerate(section["questions"]):
            here = (*place, number, "questions", index)
            for name in names_asked(question.get("when")):
                yield Look(question["key"], here, name, name in every - asked)
            asked.add(question["key"])


def sections_to_go_to(document: Document, place: Place) -> list[tuple[int, dict[str, Any]]]:
    """The other sections that a question may go to, each with its position."""
    around = sections_around(place)
    if around is None:
        return []
    here = section_number(place)
    return [(number, says) for number, says in enumerate(value_at(document, around)) if number != here]
