"""Answers to any form: for each type of question a plausible one within its limits, hidden ones left alone. Pure.

The same key always gives the same answers. Amounts with the tags in `wanted` are made to sum up to what is wanted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.applications.duties import REPRESENTS
from portal.applications.given import TEAM
from portal.applications.rules import COST, REQUESTED
from portal.applications.spending import CATEGORY, SOURCE
from portal.questionnaires.rules import (
    NO_FACTS,
    NUMERIC,
    CodeHolder,
    Condition,
    Facts,
    FilledForm,
    Form,
    Ground,
    Question,
    QuestionType,
    Stored,
    as_stored,
    check_filled,
)
from portal.questionnaires.rules.geometry import lies_in
from portal.questionnaires.rules.pricing import NO_PRICING
from portal.rehearsal.codes import cup_code, entity_code, iban_code, person_code
from portal.rehearsal.people import People
from portal.rehearsal.sums import Prices, Values, summed_up, within
from portal.rehearsal.words import SENTENCES, TITLES, full_name, steady

BORN_ON, GENDER = "born_on", "gender"
LONGEST_WRITTEN = 420
"""Characters of a long text where its question asks for no less: enough to be read, short enough to be seen whole."""
USUAL = {QuestionType.NUMBER: Decimal(12), QuestionType.MONEY: Decimal(1500), QuestionType.PERCENTAGE: Decimal(10)}
DAY = date(2000, 3, 14)
ROME = (41.9028, 12.4964)


@dataclass(frozen=True)
class Writer:
    """Who answers: a key that varies the words, the areas of the call, and sums that tagged amounts must reach."""

    key: str
    areas: Sequence[str] = ()
    grounds: Sequence[Ground] = ()
    facts: Facts = field(default_factory=lambda: NO_FACTS)
    wanted: Mapping[str, Decimal] = field(default_factory=dict)
    wishes: Mapping[str, Any] = field(default_factory=dict)
    """Answers that a rule of eligibility needs, by question, as conditions compare them."""
    people: People | None = None
    unwanted: frozenset[str] = frozenset()
    """Categories of cost that the call does not bear, or bears only in part."""
    known: Mapping[str, Stored] = field(default_factory=dict)
    """What the sheet says already."""
    pricing: Prices = field(default_factory=lambda: NO_PRICING)
    """What the call prescribes of its table of costs."""


def answer_form(form: Form, writer: Writer) -> Values:
    """Stored answers to every question that is asked, until answering asks nothing more."""
    values: Values = dict(writer.known)
    for _round in range(len(form.questions) + 1):
        filled = FilledForm(form, values, writer.facts, writer.pricing)
        new = [each for each in filled.questions if each.key not in values and not each.is_computed]
        if not new:
            break
        for question in new:
            values[question.key] = {"value": _value(question, writer, writer.key)}
    values = summed_up(form, values, facts=writer.facts, wanted=writer.wanted, pricing=writer.pricing)
    if SOURCE not in form.by_tag:
        return values
    said = FilledForm(form, values, writer.facts, writer.pricing)
    own = {SOURCE: said.sum_of(COST) - said.sum_of(REQUESTED)}
    return summed_up(form, values, facts=writer.facts, wanted=own, pricing=writer.pricing)


def unanswerable(form: Form, values: Values, writer: Writer) -> dict[str, object]:
    """What no plausible answer satisfies, by question: a form that cannot be sent."""
    return check_filled(FilledForm(form, values, writer.facts, writer.pricing), writer.grounds)


def wishes_of(conditions: Sequence[Condition]) -> dict[str, Any]:
    """The answers that make these conditions hold, as far as they name questions; of alternatives the first."""
    found: dict[str, Any] = {}
    for condition in conditions:
        for key, value in _wished(condition):
            found.setdefault(key, value)
    return found


def _wished(condition: Condition) -> Iterator[tuple[str, Any]]:
    if condition.all is not None:
        for part in condition.all:
            yield from _wished(part)
    elif condition.any:
        yield from _wished(condition.any[0])
    elif (name := condition.question or condition.fact) and condition.comparison is not None:
        how, wanted = condition.comparison
        if how in WISHES:
            yield name, WISHES[how](wanted)


WISHES: dict[str, Callable[[Any], Any]] = {
    "equals": lambda wanted: wanted,
    "in_": lambda wanted: wanted[0],
    "at_least": lambda wanted: wanted,
    "at_most": lambda wanted: wanted,
    "above": lambda wanted: wanted + 1 if isinstance(wanted, (int, float)) else wanted,
    "below": lambda wanted: wanted - 1 if isinstance(wanted, (int, float)) else wanted,
}


def _value(question: Question, writer: Writer, key: str) -> Any:
    if writer.people is not None and question.tag == TEAM and question.has_rows:
        return _team(question, writer, writer.people, key)
    if question.has_rows:
        return _rows(question, writer, key)
    if question.type in NUMERIC:
        return _number(question, writer)
    return MADE[question.type](question, writer, f"{key}/{question.key}")


def _rows(question: Question, writer: Writer, key: str) -> list[dict[str, Any]]:
    wished = writer.wishes.get(question.key)
    least = max(question.min_rows or 0, int(wished) if isinstance(wished, (int, float)) else 0, 2)
    rows = []
    for place in range(min(least, question.most_rows)):
        cells = {
            column.key: _value(column, writer, f"{key}/{question.key}/{place}")
            for column in question.columns
            if not column.is_computed
        }
        rows.append({name: value for name, value in cells.items() if value is not None})
    return rows


def _team(question: Question, writer: Writer, people: People, key: str) -> list[dict[str, Any]]:
    """One row a person, as many as there are: that of who represents them first."""
    return [
        {
            column.key: _of_person(column, writer, people, place, f"{key}/{question.key}/{place}")
            for column in question.columns
            if not column.is_computed
        }
        for place in range(min(len(people.born), question.most_rows))
    ]


def _of_person(column: Question, writer: Writer, people: People, place: int, key: str) -> Any:
    gender = "woman" if place < people.women else "man"
    if column.tag == REPRESENTS:
        return place == 0
    if column.key == BORN_ON:
        return people.born[place].isoformat()
    if column.key == GENDER and any(option.key == gender for option in column.options):
        return gender
    return _value(column, writer, key)


def _number(question: Question, writer: Writer) -> Any:
    wished = writer.wishes.get(question.key)
    if wished is None and writer.people is not None:
        wished = {"team.under35": writer.people.under35, "team.women": writer.people.women}.get(question.tag or "")
    asked = Decimal(str(wished)) if isinstance(wished, (int, float)) and not isinstance(wished, bool) else None
    return as_stored(question, within(question, USUAL[question.type] if asked is None else asked))


def _text(question: Question, _writer: Writer, key: str) -> str:
    if question.tag == "application.title":
        return TITLES[steady(key, len(TITLES))][: question.limit]
    words = full_name(key) if question.key in ("name", "contact", "representative") else _sentence(key, 0)
    return words[: min(question.limit or 60, 60)].strip() or "x"


def _long_text(question: Question, _writer: Writer, key: str) -> str:
    most = min(question.limit or LONGEST_WRITTEN, question.advised_chars or LONGEST_WRITTEN, LONGEST_WRITTEN)
    words = " ".join(_sentence(key, place) for place in range(8))
    return words[:most].strip() or "x"


def _sentence(key: str, place: int) -> str:
    return SENTENCES[(steady(key, len(SENTENCES)) + place) % len(SENTENCES)]


def _yes_no(question: Question, writer: Writer, key: str) -> bool:
    wished = writer.wishes.get(question.key)
    return wished if isinstance(wished, bool) else bool(steady(key, 2))


def _choice(question: Question, writer: Writer, key: str) -> str:
    wished = writer.wishes.get(question.key)
    offered = [option.key for option in question.options]
    if question.tag == CATEGORY:
        offered = [each for each in offered if each not in writer.unwanted] or offered
    return str(wished) if wished in offered else offered[steady(key, len(offered))]


def _choices(question: Question, writer: Writer, key: str) -> list[str]:
    offered = [option.key for option in question.options]
    count = min(max(question.min_choices or 1, 1), len(offered))
    first = steady(key, len(offered))
    chosen = [offered[(first + place) % len(offered)] for place in range(count)]
    wished = writer.wishes.get(question.key)
    if wished in offered and wished not in chosen:
        chosen[0] = str(wished)
    return chosen


def _date(question: Question, _writer: Writer, key: str) -> str:
    day = DAY - timedelta(days=steady(key, 5000))
    if question.earliest is not None:
        day = max(day, question.earliest)
    if question.latest is not None:
        day = min(day, question.latest)
    return day.isoformat()


def _area(_question: Question, writer: Writer, key: str) -> str | None:
    return writer.areas[steady(key, len(writer.areas))] if writer.areas else None


def _place(_question: Question, writer: Writer, _key: str) -> dict[str, float]:
    inside = [ground.centre for ground in writer.grounds if lies_in(ground.centre, ground)]
    lat, lon = inside[0] if inside else ROME
    return {"lat": lat, "lon": lon}


def _address(_question: Question, _writer: Writer, key: str) -> dict[str, str]:
    return {
        "street": "via dei Mille",
        "number": str(1 + steady(key, 90)),
        "postcode": "70121",
        "municipality": "072006",
    }


def _files(question: Question, _writer: Writer, key: str) -> list[dict[str, Any]]:
    ending = file_ending(question)
    return [{"id": f"{steady(key, 10**9):032x}", "name": f"{question.key}.{ending}",
             "media_type": "application/pdf", "size": 900}]  # fmt: skip


def file_ending(question: Question) -> str:
    """The kind of file to hand in: a PDF wherever one is accepted."""
    return "pdf" if not question.accept or "pdf" in question.accept else question.accept[0]


def _code(question: Question, _writer: Writer, key: str) -> str:
    number = steady(key, 10**6)
    return person_code(number) if question.holder is CodeHolder.PERSON else entity_code(number)


MADE: dict[QuestionType, Callable[[Question, Writer, str], Any]] = {
    QuestionType.TEXT: _text,
    QuestionType.LONG_TEXT: _long_text,
    QuestionType.YES_NO: _yes_no,
    QuestionType.CHOICE: _choice,
    QuestionType.CHOICES: _choices,
    QuestionType.DATE: _date,
    QuestionType.DECLARATION: lambda _question, _writer, _key: True,
    QuestionType.AREA: _area,
    QuestionType.PLACE: _place,
    QuestionType.ADDRESS: _address,
    QuestionType.FILES: _files,
    QuestionType.FISCAL_CODE: _code,
    QuestionType.VAT_NUMBER: lambda _question, _writer, key: entity_code(steady(key, 10**6)),
    QuestionType.IBAN: lambda _question, _writer, key: iban_code(steady(key, 10**6)),
    QuestionType.CUP: lambda _question, _writer, key: cup_code(steady(key, 10**6)),
}
