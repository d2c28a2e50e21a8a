"""What an application of a later phase takes over from the one it follows, answer by answer. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from portal.applications.given import Given
from portal.questionnaires.rules import Form, Question, QuestionType
from portal.questionnaires.rules.priced import typed_rows
from portal.questionnaires.rules.rebasing import rebased_answer

MADE_ANEW = frozenset({QuestionType.DECLARATION, QuestionType.FILES})
"""What is declared or attached counts for the application in which it was."""


def carried_answers(
    given: Iterable[Given], before: Form, after: Form, areas: Collection[str], *, by_key: bool = True
) -> Mapping[str, dict[str, Any]]:
    """The stored answers of the new form, by key: those of questions with the same key, else with the same tag.

    Between two calls a key says nothing (`by_key` False): the tag alone tells the same question. Only of the same type,
    and only what reads without a fault; nothing is declared or attached for anybody.
    """
    told = {each.key: each for each in given if each.value is not None}
    by_tag = {each.tag: each for each in told.values() if each.tag}
    known = told if by_key else {}
    found: dict[str, dict[str, Any]] = {}
    for question in after.questions:
        source = _source(question, known, by_tag)
        earlier = before.question(source.key) if source else None
        if source is None or earlier is None:
            continue
        answer = rebased_answer(earlier, question, {"value": _as_typed(source.value)}, areas)
        if answer.get("value") is not None and not answer.get("fault"):
            found[question.key] = answer
    return found


def _as_typed(value: Any) -> Any:
    """Rows that followed from others follow anew, by the rules of the new call."""
    return typed_rows(value) if isinstance(value, list) and all(isinstance(each, dict) for each in value) else value


def _source(question: Question, known: Mapping[str, Given], by_tag: Mapping[str, Given]) -> Given | None:
    if question.is_computed or question.type in MADE_ANEW:
        return None
    candidates = (known.get(question.key), by_tag.get(question.tag) if question.tag else None)
    return next((each for each in candidates if each is not None and each.type is question.type), None)
