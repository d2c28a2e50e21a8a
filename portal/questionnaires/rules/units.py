"""Numbers as they are stored and as people count: euro against cents, percentage points against basis points.

Stored: money in whole cents, percentages in basis points (15,5 % is 1550), numbers without decimals as integers, with
decimals as text in plain notation without trailing zeros ("12.5").
"""

from decimal import Decimal

from portal.questionnaires.rules.design import NUMERIC, Question, QuestionType
from portal.questionnaires.rules.formulas import rounded

HUNDREDTHS = frozenset({QuestionType.MONEY, QuestionType.PERCENTAGE})
LARGEST = Decimal(10) ** 12
"""No number that is stored reaches this, in the units people count in."""


def in_units(question: Question, value: object) -> Decimal | None:
    """A stored number in euro, percentage points or plain numbers; None for what is no number of this question."""
    if question.type not in NUMERIC or isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    try:
        number = Decimal(value)
    except ArithmeticError:
        return None
    if not number.is_finite():
        return None
    return number / 100 if question.type in HUNDREDTHS else number


def as_stored(question: Question, number: Decimal) -> int | str | None:
    """A number as this question stores it, rounded to its decimals, halves away from zero; None when too large."""
    if abs(number) >= LARGEST:
        return None
    written = rounded(number, question.places)
    if question.type in HUNDREDTHS:
        return int(written * 100)
    return plain(written) if question.places else int(written)


def plain(number: Decimal) -> str:
    """A number as text without exponent and without trailing zeros: "12.5", "1200"."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
