"""Which answers stand beside which criterion, as the call ties them. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from portal.calls.rules import Criterion

Answer = Mapping[str, Any]


def answers_beside(criterion: Criterion, content: Mapping[str, Any]) -> list[Answer]:
    """The answers an evaluator reads for a criterion, in the order of the call; what the round hides is not there."""
    answers = {each["key"]: each for section in content["sections"] for each in section["answers"]}
    return [answers[key] for key in criterion.questions if key in answers]


def readers_of(criteria: Sequence[Criterion], open_ones: Collection[str]) -> dict[str, list[Criterion]]:
    """The criteria beside which an answer stands, by its question: those on which one may still write."""
    found: dict[str, list[Criterion]] = {}
    for criterion in criteria:
        for key in criterion.questions if criterion.key in open_ones else ():
            found.setdefault(key, []).append(criterion)
    return found
