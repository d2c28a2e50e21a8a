"""Reading one answer: from what was typed to a value, or to what is wrong with it and its mend. Pure."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.money import parse_amount
from portal.core.text import clean_line, clean_text, is_blank, is_storable, visible
from portal.questionnaires.rules.design import Question, QuestionType

_NUMBER = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:[. ][0-9]{3}){1,3}")
_DECIMAL = re.compile(r"[0-9.]*[0-9],[0-9]+|[0-9]+\.[0-9]+")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_ITALIAN = re.compile(r"(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4})")
_YEARS = range(1900, 2201)
YES, NO = "yes", "no"
TICKED = frozenset({YES, "on", "true", "1", "y"})

UNSTORABLE = lazy_("This answer holds characters that cannot be kept. Delete what looks odd in it, or write it again.")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value, or a fault in the user's words; neither for an empty answer."""

    value: Any = None
    fault: object | None = None


def parse_answer(question: Question, text: str | None, *, areas: Collection[str]) -> Parsed:
    """Read what was typed. Empty, and a declaration not ticked, is neither a value nor a fault.

    Over its limit a text is still a value: it may be saved, not sent.
    """
    if question.type is QuestionType.DECLARATION:
        return Parsed(True if text is not None and clean_line(text).lower() in TICKED else None)
    if text is None or is_blank(text):
        return Parsed()
    if not is_storable(text):
        return Parsed(fault=UNSTORABLE)
    if question.type is QuestionType.AREA:
        return _one_of(clean_line(text), areas)
    try:
        return READERS[question.type](question, text)
    except Invalid as refusal:
        return Parsed(fault=refusal.message)


def stored_answer(question: Question, text: str | None, *, areas: Collection[str]) -> dict[str, Any]:
    """What is kept of what was typed: {"value": …}, with the text itself when it could not be read."""
    parsed = parse_answer(question, text, areas=areas)
    if parsed.fault is None:
        return {"value": parsed.value}
    return {"value": None, "typed": clean_text(text or ""), "fault": True}


def _text(_question: Question, text: str) -> Parsed:
    return Parsed(clean_line(text))


def _long_text(_question: Question, text: str) -> Parsed:
    return Parsed(clean_text(text))


def _number(_question: Question, text: str) -> Parsed:
    line = clean_line(text)
    if _NUMBER.fullmatch(line):
        return Parsed(int(line.replace(".", "").replace(" ", "")))
    if line.startswith(("-", "\N{MINUS SIGN}")):
        return Parsed(fault=lazy_("The number cannot be negative. Write it without the minus sign."))
    if _DECIMAL.fullmatch(line):
        return Parsed(fault=lazy_("Write a whole number, without decimals."))
    return Parsed(fault=lazy_("This is not a whole number. Write it in digits, for example 1.250."))


def _money(_question: Question, text: str) -> Parsed:
    return Parsed(parse_amount(visible(clean_text(text))))


def _yes_no(_question: Question, text: str) -> Parsed:
    answers = {YES: True, NO: False}
    line = clean_line(text)
    if line in answers:
        return Parsed(answers[line])
    return Parsed(fault=lazy_("Choose yes or no."))


def _choice(question: Question, text: str) -> Parsed:
    return _one_of(clean_line(text), [option.key for option in question.options])


def _one_of(key: str, keys: Collection[str]) -> Parsed:
    if key in keys:
        return Parsed(key)
    return Parsed(fault=lazy_("Choose one of the answers in the list."))


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


READERS: dict[QuestionType, Callable[[Question, str], Parsed]] = {
    QuestionType.TEXT: _text,
    QuestionType.LONG_TEXT: _long_text,
    QuestionType.NUMBER: _number,
    QuestionType.MONEY: _money,
    QuestionType.YES_NO: _yes_no,
    QuestionType.CHOICE: _choice,
    QuestionType.DATE: _date,
}
