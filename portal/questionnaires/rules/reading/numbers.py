"""Reading numbers as they are written in Italy: a dot between thousands, a comma before decimals."""

import re
from decimal import Decimal

from portal.core.i18n import lazy_
from portal.core.money import parse_amount
from portal.core.text import clean_line, clean_text, visible
from portal.questionnaires.rules.design import Question
from portal.questionnaires.rules.reading.parsed import Parsed
from portal.questionnaires.rules.units import as_stored

_WHOLE = r"(?P<whole>[0-9]{1,12}|[0-9]{1,3}(?:[. ][0-9]{3}){1,3})"
_NUMBER = re.compile(_WHOLE + r"(?:,(?P<decimals>[0-9]+))?")
_ENGLISH = re.compile(r"[0-9]+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_MINUS = ("-", "\N{MINUS SIGN}")


def read_number(question: Question, text: str) -> Parsed:
    """A number with at most the question's decimals; below zero only where its minimum is."""
    return _read(question, clean_line(text))


def read_percentage(question: Question, text: str) -> Parsed:
    """A percentage, with or without its sign: `15`, `15,5 %`."""
    line = clean_line(text)
    return _read(question, line[:-1].rstrip() if line.endswith("%") else line)


def read_money(question: Question, text: str) -> Parsed:
    """An amount in euro. Raises Invalid."""
    return Parsed(parse_amount(visible(clean_text(text)), allow_negative=_may_be_negative(question)))


def _read(question: Question, line: str) -> Parsed:
    negative = line.startswith(_MINUS)
    if negative and not _may_be_negative(question):
        return Parsed(fault=lazy_("The number cannot be negative. Write it without the minus sign."))
    written = _NUMBER.fullmatch(line[1:].lstrip() if negative else line)
    if written is None:
        return Parsed(fault=_mend(question, line))
    decimals = written["decimals"] or ""
    if len(decimals.rstrip("0")) > question.places:
        return Parsed(fault=_too_fine(question))
    whole = written["whole"].replace(".", "").replace(" ", "")
    number = Decimal(f"{'-' if negative else ''}{whole}.{decimals or '0'}")
    return Parsed(as_stored(question, number + 0))


def _may_be_negative(question: Question) -> bool:
    return question.minimum is not None and question.minimum < 0


def _too_fine(question: Question) -> object:
    if not question.places:
        return lazy_("Write a whole number, without decimals.")
    return lazy_("Write at most %(count)s decimals after the comma.", count=question.places)


def _mend(question: Question, line: str) -> object:
    if not _ENGLISH.fullmatch(line):
        return _how_to_write(question)
    if not question.places:
        return lazy_("Write a whole number, without decimals.")
    return lazy_("This can be read in two ways. Write a comma before decimals, a dot between thousands: 1.250,5.")


def _how_to_write(question: Question) -> object:
    if question.places:
        return lazy_("This is not a number. Write it in digits, with a comma before decimals, for example 12,5.")
    return lazy_("This is not a whole number. Write it in digits, for example 1.250.")
