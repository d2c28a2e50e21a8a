"""What can be mended by one press: a question that every form must ask, and that nobody asks yet."""

from dataclasses import dataclass
from typing import Any

from portal.calls.designer.documents import fresh_key
from portal.calls.designer.places import Document, NoSuchPlace, Place, value_at
from portal.calls.designer.references import parts_of
from portal.calls.rules.validity import Fault
from portal.calls.rules.validity.asked import COST, MARGINALITY, MEANINGS, REQUESTED, TITLE
from portal.questionnaires.rules.design import Text

LABELS: dict[str, Text] = {
    TITLE: {"it": "Titolo del progetto", "en": "Title of the project"},
    REQUESTED: {"it": "Contributo richiesto", "en": "Grant requested"},
    COST: {"it": "Costo totale del progetto", "en": "Total cost of the project"},
    MARGINALITY: {
        "it": "Quale tipo di marginalità affronta il progetto, e perché?",
        "en": "Which type of marginality does the project address, and why?",
    },
}
KEYS = {TITLE: "title", REQUESTED: "requested", COST: "cost", MARGINALITY: "marginality"}
SECTION: Text = {"it": "Il progetto", "en": "The project"}


@dataclass(frozen=True, slots=True)
class Mend:
    """A question that one press adds: the form that lacks it, and its tag."""

    place: str
    lacks: str


def mend_of(fault: Fault) -> Mend | None:
    """What one press would add, where that mends the fault."""
    return Mend(fault.place.replace(".", "/"), fault.lacks) if fault.lacks in LABELS else None


def question_to_add(document: Document, form: Place, lacks: str) -> tuple[Place, dict[str, Any]]:
    """Where the question goes and what it says: the title at the beginning of a form, the rest at its end.

    A form without sections gets its first one. Raises NoSuchPlace for a tag that nobody must ask.
    """
    if lacks not in LABELS or form[-1:] != ("questionnaire",):
        raise NoSuchPlace
    sections = value_at(document, (*form, "sections"))
    question = {
        "key": _free_key(document, lacks), "type": MEANINGS[lacks].type.value, "label": LABELS[lacks],
        "required": True, "tag": lacks,
    }  # fmt: skip
    if not sections:
        return (*form, "sections"), {"title": SECTION, "questions": [question]}
    number = 0 if lacks == TITLE else len(sections) - 1
    return (*form, "sections", number, "questions"), question


def _free_key(document: Document, lacks: str) -> str:
    taken = {part.says["key"] for part in parts_of(document) if part.says.get("key")}
    wanted = KEYS[lacks]
    return wanted if wanted not in taken else fresh_key(wanted, taken)
