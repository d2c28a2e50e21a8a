"""Reading answers given in one text."""

import re
from collections.abc import Callable, Collection
from datetime import date

from portal.access.rules.identifiers import valid_fiscal_code, valid_iban, valid_vat_number
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line, clean_text, is_blank, is_storable
from portal.questionnaires.rules.design import Question, QuestionType
from portal.questionnaires.rules.reading.numbers import read_money, read_number, read_percentage
from portal.questionnaires.rules.reading.parsed import UNSTORABLE, Parsed

_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_ITALIAN = re.compile(r"(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4})")
_YEARS = range(1900, 2201)
_CUP = re.compile(r"[A-Z][0-9]{2}[A-Z][0-9]{11}")
YES, NO = "yes", "no"
TICKED = frozenset({YES, "on", "true", "1", "y"})


def read_simple(question: Question, text: str | None, areas: Collection[str]) -> Parsed:
    """Read one text. Empty, and a declaration not ticked, is neither a value nor a fault."""
    if question.type is QuestionType.DECLARATION:
        return Parsed(True if text is not None and clean_line(text).lower() in TICKED else None)
    if text is None or is_blank(text):
        return Parsed()
    if not is_storable(text):
        return Parsed(fault=UNSTORABLE)
    if question.type is QuestionType.AREA:
        return one_of(clean_line(text), areas)
    try:
        return READERS[question.type](question, text)
    except Invalid as refusal:
        return Parsed(fault=refusal.message)


def one_of(key: str, keys: Collection[str]) -> Parsed:
    """One of the keys offered."""
    if key in keys:
        return Parsed(key)
    return Parsed(fault=lazy_("Choose one of the answers in the list."))


def _text(_question: Question, text: str) -> Parsed:
    return Parsed(clean_line(text))


def _long_text(_question: Question, text: str) -> Parsed:
    return Parsed(clean_text(text))


def _yes_no(_question: Question, text: str) -> Parsed:
    answers = {YES: True, NO: False}
    line = clean_line(text)
    if line in answers:
        return Parsed(answers[line])
    return Parsed(fault=lazy_("Choose yes or no."))


def _choice(question: Question, text: str) -> Parsed:
    return one_of(clean_line(text), [option.key for option in question.options])


def _date(_question: Question, text: str) -> Parsed:
    line = clean_line(text)
    written = _ISO.fullmatch(line) or _ITALIAN.fullmatch(line)
    if written is None:
        return Parsed(fault=lazy_("This is not a date. Write day, month and year, for example 31/12/2026."))
    year, month, day = (int(written[part]) for part in ("year", "month", "day"))
    try:
        found = date(year, month, day)
    except ValueError:
        return Parsed(fault=lazy_("This day is not in the calendar. Check day and month, for example 31/12/2026."))
    if year not in _YEARS:
        return Parsed(fault=lazy_("Check the year: write it with four digits, for example 2026."))
    return Parsed(found.isoformat())


def _fiscal_code(_question: Question, text: str) -> Parsed:
    """A person's sixteen characters (also where digits became letters, omocodia) or an organisation's 11 digits."""
    return Parsed(valid_fiscal_code(text))


def _vat_number(_question: Question, text: str) -> Parsed:
    return Parsed(valid_vat_number(text))


def _iban(_question: Question, text: str) -> Parsed:
    return Parsed(valid_iban(text))


def _cup(_question: Question, text: str) -> Parsed:
    code = clean_line(text).replace(" ", "").upper()
    if _CUP.fullmatch(code):
        return Parsed(code)
    return Parsed(
        fault=lazy_("A CUP has 15 characters: a letter, two digits, a letter, eleven digits (F79D19000030007).")
    )


READERS: dict[QuestionType, Callable[[Question, str], Parsed]] = {
    QuestionType.TEXT: _text,
    QuestionType.LONG_TEXT: _long_text,
    QuestionType.NUMBER: read_number,
    QuestionType.MONEY: read_money,
    QuestionType.PERCENTAGE: read_percentage,
    QuestionType.YES_NO: _yes_no,
    QuestionType.CHOICE: _choice,
    QuestionType.DATE: _date,
    QuestionType.FISCAL_CODE: _fiscal_code,
    QuestionType.VAT_NUMBER: _vat_number,
    QuestionType.IBAN: _iban,
    QuestionType.CUP: _cup,
}
