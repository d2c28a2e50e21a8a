"""A questionnaire with one question of each type, and people who answer it."""

from portal.core.actor import Actor
from portal.core.db import new_id
from portal.questionnaires.rules import Option, Question, QuestionType, Section

AREAS = ("liberta", "san_paolo")


def text(words: str) -> dict[str, str]:
    """A text in both languages."""
    return {"it": words, "en": words}


def make_question(kind: QuestionType = QuestionType.TEXT, **given) -> Question:
    """A question; a choice has two options."""
    options = [Option("city", text("Città")), Option("care", text("Cura"))] if kind is QuestionType.CHOICE else []
    fields = {"key": f"the_{kind.value}", "label": text(f"Domanda {kind.value}"), "options": options}
    return Question(type=kind, **(fields | given))


def make_sections(*, required: bool = True) -> list[Section]:
    """One section with every type of question; the text and the amount are tagged."""
    tags = {QuestionType.TEXT: "application.title", QuestionType.MONEY: "budget.cost"}
    questions = [make_question(kind, required=required, tag=tags.get(kind)) for kind in QuestionType]
    return [Section("all", text("Tutto"), questions)]


COMPLETE = {
    "the_text": "Un orto",
    "the_long_text": "Prima riga\r\nSeconda riga",
    "the_number": "1.250",
    "the_money": "1.234,50",
    "the_yes_no": "no",
    "the_choice": "care",
    "the_area": "liberta",
    "the_date": "31/12/2026",
    "the_declaration": "yes",
}
"""A right answer to each question, as typed."""


def make_writer(name: str = "Rosa") -> Actor:
    """Somebody who writes."""
    return Actor(person_id=new_id(), name=name)
