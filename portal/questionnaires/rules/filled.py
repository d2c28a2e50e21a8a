"""A form with its answers: what is shown, and what is computed, worked out once for pages, checks and formulas."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Self

from portal.questionnaires.rules.conditions import NO_FACTS, Comparable, Facts, holds
from portal.questionnaires.rules.design import NUMERIC, Form, Question, QuestionType, Section
from portal.questionnaires.rules.formulas import MalformedFormula, compute, parse_formula
from portal.questionnaires.rules.priced import Row, is_derived, typed_rows
from portal.questionnaires.rules.pricing import NO_PRICING, Pricing
from portal.questionnaires.rules.stored import Stored, is_answered, rows_of
from portal.questionnaires.rules.units import as_stored, in_units


class FilledForm:
    """A form, its stored answers and the facts of who answers, at one moment.

    Everything is worked out when it is first asked for, and once. Hidden questions have no answer here: theirs are kept
    in the sheet and not counted. A form whose questions wait for each other (`form_faults` refuses it) still ends: the
    question that closes the circle counts as missing. `pricing` is what its owner prescribes of tables, by question.
    """

    def __init__(
        self,
        form: Form,
        values: Mapping[str, Stored],
        facts: Facts = NO_FACTS,
        pricing: Mapping[str, Pricing] = NO_PRICING,
    ) -> None:
        self.form, self.values, self.facts, self.pricing = form, values, facts, pricing
        self._shown: dict[str, bool] = {}
        self._stored: dict[str, Stored | None] = {}
        self._open: set[str] = set()

    def with_answers(self, others: Mapping[str, Stored], form: Form | None = None) -> Self:
        """The same form, or another wording of it, with other answers to some questions."""
        return type(self)(form or self.form, {**self.values, **others}, self.facts, self.pricing)

    def is_shown(self, section: Section) -> bool:
        """Whether a section is asked of this applicant."""
        if section.when is None:
            return True
        if section.key not in self._shown:
            self._shown[section.key] = holds(section.when, self.comparable, self.facts)
        return self._shown[section.key]

    def is_visible(self, question: Question) -> bool:
        """Whether a question is asked: its section is, and its own condition holds."""
        section = self.form.section_of.get(question.key)
        if section is None or not self.is_shown(section):
            return False
        return holds(question.when, self.comparable, self.facts)

    def questions_of(self, section: Section) -> list[Question]:
        """The questions of a section that are asked, in order."""
        return [question for question in section.questions if self.is_visible(question)]

    @property
    def questions(self) -> list[Question]:
        """Every question that is asked, in order."""
        return [question for section in self.form.sections for question in self.questions_of(section)]

    @property
    def sections(self) -> list[Section]:
        """The sections that are asked."""
        return [section for section in self.form.sections if self.is_shown(section)]

    def stored(self, question: Question) -> Stored | None:
        """The answer that counts: None when hidden; the result of a formula; rows with their computed cells.

        Rows that follow from others by its pricing stand last.
        """
        if question.key not in self._stored:
            if question.key in self._open:
                return None
            self._open.add(question.key)
            try:
                self._stored[question.key] = self._counted(question)
            finally:
                self._open.discard(question.key)
        return self._stored[question.key]

    def _counted(self, question: Question) -> Stored | None:
        if not self.is_visible(question):
            return None
        if question.is_computed:
            return {"value": _result(question, self.compute(question.formula))}
        stored, pricing = self.values.get(question.key), self.pricing.get(question.key)
        rows = rows_of(stored)
        if stored is None or not rows:
            return stored
        if pricing is not None:
            priced = [_with_results(question, pricing.with_fixed(row)) for row in typed_rows(rows)]
            return {**stored, "value": [*priced, *pricing.derived(priced)]}
        if not any(column.is_computed for column in question.columns):
            return stored
        return {**stored, "value": [_with_results(question, row) for row in rows]}

    def derived(self, question: Question) -> list[Row]:
        """The rows of a table that follow from those written so far, also where none is."""
        pricing = self.pricing.get(question.key)
        if pricing is None:
            return []
        found = [row for row in self.rows(question) if is_derived(row)]
        return found or pricing.derived([])

    def comparable(self, key: str) -> Comparable | None:
        """The answer to a question as conditions compare it; None while it is missing, hidden or unreadable."""
        question = self.form.question(key)
        stored = self.stored(question) if question is not None else None
        return comparable(question, stored) if question is not None else None

    def rows(self, question: Question) -> list[Row]:
        """The rows of an answer with their computed cells, each {column key: stored value}."""
        return rows_of(self.stored(question))

    def totals(self, question: Question) -> dict[str, int | str | None]:
        """The total of each column that has one, as the column stores it."""
        return {
            column.key: as_stored(column, sum(_numbers(column, self.rows(question)), Decimal(0)))
            for column in question.columns
            if column.total
        }

    def tagged(self, tag: str) -> list[Any]:
        """The stored values of the answers and columns with this tag, in form order; faulty ones left out."""
        found: list[Any] = []
        for question, column in self.form.by_tag.get(tag, ()):
            stored = self.stored(question)
            values = [stored.get("value")] if stored and column is None else []
            if column is not None:
                values = [row.get(column.key) for row in rows_of(stored)]
            found += [value for value in values if value is not None]
        return found

    def numbers(self, tag: str) -> list[Decimal]:
        """The numbers with this tag in the units people count in; rows and files count how many they are."""
        found: list[Decimal] = []
        for question, column in self.form.by_tag.get(tag, ()):
            if column is not None:
                found += _numbers(column, self.rows(question))
                continue
            value = comparable(question, self.stored(question))
            found += [value] if isinstance(value, Decimal) else []
        return found

    def sum_of(self, tag: str) -> Decimal:
        """The sum of the numbers with this tag (euro, percentage points, plain numbers); 0 when there is none."""
        return sum(self.numbers(tag), Decimal(0))

    def cents_of(self, tag: str) -> int:
        """The sum of the amounts with this tag, in cents; 0 when there is none."""
        return int(self.sum_of(tag) * 100)

    def compute(self, formula: str | None) -> Decimal | None:
        """The result of a formula over tags; None when it cannot be computed, or cannot be read. Never raises."""
        try:
            return compute(parse_formula(formula or ""), self.numbers)
        except MalformedFormula:
            return None


def comparable(question: Question, stored: Stored | None) -> Comparable | None:
    """An answer as conditions compare it: numbers in euro, points or plain, rows and files as how many there are."""
    if stored is None or not is_answered(question, stored):
        return None
    value = stored.get("value")
    if question.type in NUMERIC:
        return in_units(question, value)
    if question.has_rows or question.type is QuestionType.FILES:
        return Decimal(_count(value)) if isinstance(value, list) else None
    match value:
        case bool():
            return value
        case list():
            return frozenset(str(each) for each in value)
        case dict():
            return str(value.get("municipality", "")) or "given"
        case _:
            return str(value)


def _count(value: list[Any]) -> int:
    """Files, or rows that somebody wrote."""
    return sum(not (isinstance(each, dict) and is_derived(each)) for each in value)


def _result(question: Question, number: Decimal | None) -> int | str | None:
    return None if number is None else as_stored(question, number)


def _numbers(column: Question, rows: list[Row]) -> list[Decimal]:
    found = [in_units(column, row.get(column.key)) for row in rows]
    return [number for number in found if number is not None]


def _with_results(question: Question, row: Row) -> Row:
    """A row with its computed cells; each is worked out from the columns of the same row, however deep."""
    if is_derived(row):
        return row
    results: dict[str, Decimal | None] = {}

    def number(name: str) -> list[Decimal]:
        column = question.column(name)
        if column is None:
            return []
        if not column.is_computed:
            return _numbers(column, [row])
        if name not in results:
            results[name] = None  # a column that needs itself counts as missing
            results[name] = in_units(column, _result(column, _computed(column, number)))
        result = results[name]
        return [] if result is None else [result]

    done = dict(row)
    for column in question.columns:
        if column.is_computed:
            found = number(column.key)
            done[column.key] = as_stored(column, found[0]) if found else None
    return {key: value for key, value in done.items() if value is not None}


def _computed(column: Question, number: Any) -> Decimal | None:
    try:
        return compute(parse_formula(column.formula or ""), number)
    except MalformedFormula:
        return None
