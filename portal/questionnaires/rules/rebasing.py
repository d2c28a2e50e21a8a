"""Carrying one answer over to a changed question. Pure."""

from collections.abc import Collection, Iterator
from typing import Any

from portal.questionnaires.rules.design import CHOSEN, Question, QuestionType
from portal.questionnaires.rules.reading import is_empty, stored_answer
from portal.questionnaires.rules.stored import Stored, rows_of
from portal.questionnaires.rules.writing import typed_of


def rebased_answer(before: Question, after: Question, stored: Stored, areas: Collection[str] = ()) -> dict[str, Any]:
    """The answer as the changed question stores it.

    What reads alike stays as it is, also what is wrong in the same way before and after. Anything else is read again as
    if it were typed now: what no longer reads becomes a fault that keeps what was typed, and a fault that now reads
    becomes a value. Cells of columns that are gone are left out (the history keeps them). Areas chosen earlier stay
    chosen: whether they still exist is the call's to judge.
    """
    wider = reads_alike(before, after)
    if after.is_computed or (wider and (not stored.get("fault") or reads_alike(after, before))):
        return dict(stored)
    typed = typed_of(before, stored)
    carried = stored_answer(after, typed, areas={*areas, *_areas_in(before, after, stored)})
    if is_empty(typed) or carried.get("fault") or carried["value"] is not None:
        return carried
    return {"value": None, "typed": typed, "fault": True}


def reads_alike(before: Question, after: Question) -> bool:
    """Whether every value of the earlier question is a value of the changed one, written in the same way."""
    if before.type is not after.type or before.places != after.places:
        return False
    if before.type in CHOSEN and not {o.key for o in before.options} <= {o.key for o in after.options}:
        return False
    pairs = [(column, after.column(column.key)) for column in before.columns if not column.is_computed]
    return all(other is not None and not other.is_computed and reads_alike(column, other) for column, other in pairs)


def _areas_in(before: Question, after: Question, stored: Stored) -> Iterator[str]:
    """The areas chosen in this answer, where the question asks for areas before and after."""
    if before.type is after.type is QuestionType.AREA:
        yield str(stored.get("value"))
    for column in before.columns:
        other = after.column(column.key)
        if column.type is QuestionType.AREA and other is not None and other.type is QuestionType.AREA:
            yield from (str(row[column.key]) for row in rows_of(stored) if column.key in row)
