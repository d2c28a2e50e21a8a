"""What is wrong with a value that could be read: limits of its question, each with its mend. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.core.i18n import in_language, lazy_
from portal.core.money import format_money
from portal.core.text import REPLACEMENT
from portal.questionnaires.rules.design import (
    LARGEST_MB,
    MOST_FILES,
    MOST_ROWS,
    NUMERIC,
    WRITTEN,
    CodeHolder,
    Question,
    QuestionType,
    Typed,
)
from portal.questionnaires.rules.priced import is_derived, typed_rows
from portal.questionnaires.rules.reading import UNFIT, UNSTORABLE, parse_answer
from portal.questionnaires.rules.stored import Stored, rows_of
from portal.questionnaires.rules.units import in_units, plain

MEGABYTE = 1024 * 1024
PERSON_CODE = 16


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one cell: the row counted from 0, the column, the message."""

    row: int
    column: Question
    message: object

    def __str__(self) -> str:
        """Row, column and message, as in a summary."""
        label = in_language(self.column.label)
        return str(lazy_("Row %(row)s, %(column)s: %(message)s", row=self.row + 1, column=label, message=self.message))


def over_limit(question: Question, stored: Stored) -> int:
    """How many characters a text is too long (line ends count one)."""
    value = stored.get("value")
    return max(0, len(value) - question.limit) if question.limit and isinstance(value, str) else 0


def advice_of(question: Question, stored: Stored | None) -> object | None:
    """A warning that keeps nothing from being sent: the text is longer than advised."""
    value = stored.get("value") if stored else None
    if question.advised_chars is None or not isinstance(value, str) or len(value) <= question.advised_chars:
        return None
    advice: object = lazy_(
        "This text has %(count)s characters; %(advised)s at most are advised.",
        count=len(value),
        advised=question.advised_chars,
    )
    return advice


def refusal_of(question: Question, typed: Typed | None) -> object | None:
    """Why this cannot be kept, not even in a draft: too much text, or too many rows; None when it can."""
    return _too_large(question, typed)


def _too_large(question: Question, typed: Typed | None) -> object:
    if isinstance(typed, list) and len(typed) > MOST_ROWS:
        return lazy_("There are too many rows to be kept: at most %(most)s.", most=question.most_rows)
    if _size(typed) <= question.most_kept:
        return None
    return lazy_(
        "This text is too long to be kept, even in a draft. Shorten it to %(limit)s characters.",
        limit=question.limit or question.most_kept,
    )


def _size(typed: Any) -> int:
    match typed:
        case list():
            return sum(_size(each) for each in typed)
        case dict():
            return sum(len(str(key)) + len(str(each)) for key, each in typed.items())
        case _:
            return len(typed or "")


def fault_of(question: Question, stored: Stored | None) -> object | None:
    """What is wrong with a stored answer, with its mend; None when nothing is, or nothing is there.

    Of rows the first fault, naming row and column, and how many more there are.
    """
    if not stored:
        return None
    if question.has_rows and isinstance(stored.get("value"), list):
        return _fault_of_rows(question, stored)
    if stored.get("fault"):
        return _unread(question, stored.get("typed"))
    value = stored.get("value")
    return None if value is None else limit_fault(question, value)


def _unread(question: Question, typed: Typed | None) -> object:
    """Why what was typed could not be read; what could not be kept as it was is full of replacement characters."""
    unkept = UNSTORABLE if REPLACEMENT in str(typed) else UNFIT
    return parse_answer(question, typed, areas=()).fault or unkept


def _fault_of_rows(question: Question, stored: Stored) -> object:
    found = row_faults(question, stored)
    excess = len(typed_rows(rows_of(stored))) - question.most_rows
    if excess > 0:
        return lazy_(
            "There are too many rows: at most %(most)s. Take away %(excess)s.", most=question.most_rows, excess=excess
        )
    return first_of(found)


def first_of(found: list[RowFault]) -> object:
    """The first fault in rows, and how many more there are; None when there is none."""
    if len(found) > 1:
        return lazy_("%(first)s (and %(more)s more)", first=found[0], more=len(found) - 1)
    return found[0] if found else None


def row_faults(question: Question, stored: Stored | None) -> list[RowFault]:
    """Everything wrong in the cells of an answer in rows, row by row in the order of the columns."""
    wrong = stored.get("typed") if stored and stored.get("fault") else None
    texts = wrong if isinstance(wrong, dict) else {}
    found = []
    for index, row in enumerate(rows_of(stored)):
        for column in () if is_derived(row) else question.columns:
            text = texts.get(str(index), {}).get(column.key)
            value = row.get(column.key)
            if text is not None:
                message = _unread(column, text)
            else:
                message = None if value is None else limit_fault(column, value)
            if message is not None:
                found.append(RowFault(index, column, message))
    return found


def limit_fault(question: Question, value: Any) -> object | None:
    """Which limit of its question a value does not keep, with the mend."""
    if question.type in WRITTEN:
        return _too_long(question, value)
    if question.type in NUMERIC:
        return _out_of_bounds(question, value)
    check = LIMITED.get(question.type)
    return check(question, value) if check else None


def _too_long(question: Question, value: Any) -> object:
    excess = over_limit(question, {"value": value})
    if not excess:
        return None
    return lazy_(
        "The text is too long: at most %(limit)s characters. Take away %(excess)s.",
        limit=question.limit,
        excess=excess,
    )


def _out_of_bounds(question: Question, value: Any) -> object:
    number = in_units(question, value)
    if number is None:
        return UNFIT
    if question.minimum is not None and number < question.minimum:
        return lazy_("Too little: at least %(bound)s.", bound=InUnits(question, question.minimum))
    if question.maximum is not None and number > question.maximum:
        return lazy_("Too much: at most %(bound)s.", bound=InUnits(question, question.maximum))
    return None


@dataclass(frozen=True, slots=True)
class InUnits:
    """A bound or a result written in the reader's language: € 1.500,00, 12,5 %, 40."""

    question: Question
    number: Decimal

    def __str__(self) -> str:
        """The number with its unit."""
        if self.question.type is QuestionType.MONEY:
            return format_money(int(self.number * 100))
        text = plain(self.number).replace(".", ",")
        return f"{text} %" if self.question.type is QuestionType.PERCENTAGE else text


def _outside_days(question: Question, value: Any) -> object:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return UNFIT
    if question.earliest is not None and day < question.earliest:
        return lazy_("Too early: not before %(day)s.", day=f"{question.earliest:%d/%m/%Y}")
    if question.latest is not None and day > question.latest:
        return lazy_("Too late: not after %(day)s.", day=f"{question.latest:%d/%m/%Y}")
    return None


def _too_many_choices(question: Question, value: Any) -> object:
    most = question.max_choices
    if most is None or not isinstance(value, list) or len(value) <= most:
        return None
    return lazy_("Too many answers chosen: at most %(most)s.", most=most)


def _wrong_files(question: Question, value: Any) -> object:
    files = value if isinstance(value, list) else []
    most, megabytes = question.max_files or MOST_FILES, question.max_mb or LARGEST_MB
    if len(files) > most:
        return lazy_("Too many files: at most %(most)s.", most=most)
    for file in files:
        name = str(file.get("name", ""))
        if question.accept and name.rpartition(".")[2].lower() not in question.accept:
            accepted = ", ".join(question.accept)
            return lazy_("%(name)s is not one of the kinds asked for: %(kinds)s.", name=name, kinds=accepted)
        if int(file.get("size", 0)) > megabytes * MEGABYTE:
            return lazy_("%(name)s is too large: at most %(most)s MB.", name=name, most=megabytes)
    return None


def _not_offered(question: Question, value: Any) -> object:
    return None if any(option.key == value for option in question.options) else UNFIT


def _of_another(question: Question, value: Any) -> object:
    is_person = len(str(value)) == PERSON_CODE
    if question.holder is CodeHolder.PERSON and not is_person:
        return lazy_("Write the codice fiscale of a person: it has 16 characters.")
    if question.holder is CodeHolder.ENTITY and is_person:
        return lazy_("Write the codice fiscale of an organisation: it has 11 digits.")
    return None


LIMITED: dict[QuestionType, Callable[[Question, Any], object]] = {
    QuestionType.DATE: _outside_days,
    QuestionType.CHOICES: _too_many_choices,
    QuestionType.FILES: _wrong_files,
    QuestionType.CHOICE: _not_offered,
    QuestionType.FISCAL_CODE: _of_another,
}
