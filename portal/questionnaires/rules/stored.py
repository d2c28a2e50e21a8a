"""The shape in which answers are stored."""

from collections.abc import Mapping
from typing import Any

from portal.questionnaires.rules.design import Question, QuestionType

Stored = Mapping[str, Any]
"""A stored answer is {"value": …}; one that could not be read is {"value": null, "typed": …, "fault": true}. Of rows
the cells that could be read are in "value", the others in "typed": {"<row>": {"<column>": text}}.

Values by type: text · number: integer, or text in plain notation where decimals are allowed · money: cents ·
percentage: basis points · yes_no, declaration: true or false · choice, area: key · choices: list of keys · date:
2026-12-31 · codes in capitals without blanks · address: {street, number, postcode, municipality (ISTAT code)} · place:
{lat, lon} in degrees · files: list of {id, name, media_type, size} · table, people, group: list of {column key: value}.
"""


def is_answered(question: Question, stored: Stored | None) -> bool:
    """Whether there is a value; a declaration counts only when it is made."""
    value = stored.get("value") if stored else None
    if question.has_rows and value == []:
        return False
    return value is not None and (value is True or question.type is not QuestionType.DECLARATION)


def rows_of(stored: Stored | None) -> list[dict[str, Any]]:
    """The rows of an answer, each {column key: value}; none for every other answer."""
    value = stored.get("value") if stored else None
    if not isinstance(value, list):
        return []
    return [row for row in value if isinstance(row, dict)]
