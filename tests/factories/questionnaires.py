"""A questionnaire with one question of each type, and people who answer it."""

from portal.core.actor import Actor
from portal.core.db import new_id
from portal.questionnaires.rules import Option, Question, QuestionType, Section, Typed

AREAS = ("liberta", "san_paolo")
BASIC = tuple(QuestionType)[:9]
"""The types that every call uses, in the order of the form."""


def text(words: str) -> dict[str, str]:
    """A text in both languages."""
    return {"it": words, "en": words}


def make_question(kind: QuestionType = QuestionType.TEXT, **given) -> Question:
    """A question; a choice has two options."""
    options = [Option("city", text("Città")), Option("care", text("Cura"))] if kind is QuestionType.CHOICE else []
    fields = {"key": f"the_{kind.value}", "label": text(f"Domanda {kind.value}"), "options": options}
    return Question(type=kind, **(fields | given))


def make_sections(*, required: bool = True) -> list[Section]:
    """One section with the basic types of question; the text and the amount are tagged."""
    tags = {QuestionType.TEXT: "application.title", QuestionType.MONEY: "budget.cost"}
    questions = [make_question(kind, required=required, tag=tags.get(kind)) for kind in BASIC]
    return [Section("all", text("Tutto"), questions)]


COMPLETE: dict[str, Typed] = {
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


def make_table(key: str = "costs", **given) -> Question:
    """A table of costs: what, how many, at how much, and the cost, which is computed and has a total."""
    columns = [
        Question("item", QuestionType.TEXT, text("Voce"), required=True),
        Question("quantity", QuestionType.NUMBER, text("Quantità"), decimals=1),
        Question("unit_cost", QuestionType.MONEY, text("Costo unitario")),
        Question(
            "cost", QuestionType.MONEY, text("Costo"), formula="quantity * unit_cost", total=True, tag="budget.cost"
        ),
    ]
    return Question(key, QuestionType.TABLE, text("Costi"), **({"questions": columns} | given))


def make_rich_sections() -> list[Section]:
    """Every type of question that the basic sections lack."""
    kinds = [kind for kind in QuestionType if kind not in (*BASIC, QuestionType.TABLE, QuestionType.GROUP)]
    options = [Option(key, text(key.title())) for key in ("home", "work", "street")]
    questions = [make_question(kind, options=options if kind is QuestionType.CHOICES else []) for kind in kinds]
    group = make_question(QuestionType.GROUP, questions=[make_question(kind) for kind in BASIC[:8]])
    return [Section("rich", text("Ricca"), [*questions, make_table(), group])]


ADDRESS = {"street": "Via Sparano", "number": "10", "postcode": "70121", "municipality": "Bari"}
FILE = {"id": "0190d4a0-0000-7000-8000-000000000001", "name": "piano.pdf", "media_type": "application/pdf", "size": "9"}
RICH: dict[str, Typed] = {
    "the_percentage": "12,5 %",
    "the_choices": ["street", "home"],
    "the_fiscal_code": "rssmra85t10a562s",
    "the_vat_number": "IT 01199250158",
    "the_iban": "IT60 X054 2811 1010 0000 0123 456",
    "the_cup": "f79d19000030007",
    "the_address": ADDRESS,
    "the_place": {"lat": "41,1221", "lon": "16.8569"},
    "the_files": [FILE],
    "the_people": [{"name": "Rosa", "born_on": "1/2/1990", "gender": "undisclosed"}, {"name": " "}, {"name": "Ugo"}],
    "costs": [{"item": "Legno", "quantity": "2,5", "unit_cost": "10,10"}, {"item": "Viti"}],
    "the_group": [{"the_text": "a", "the_number": "3", "the_area": "liberta", "the_choice": "city"}],
}
"""A right answer to each of these, as a form gives it."""
