"""What evaluators see of a frozen proposal in a round: without what it hides and, where names are hidden, without them.

Names are struck out wherever they stand in what was written; what asks for people, codes or addresses is left out
whole. Pure.
"""

import base64
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.calls.rules import CallDesign
from portal.calls.rules.design import EvaluationRound
from portal.evaluation.striking import as_it_is, striker
from portal.questionnaires.rules import Question, QuestionType

IDENTIFYING = frozenset({
    QuestionType.PEOPLE, QuestionType.FISCAL_CODE, QuestionType.VAT_NUMBER, QuestionType.IBAN, QuestionType.ADDRESS,
})  # fmt: skip
CODE_BYTES = 5
NAMED = EvaluationRound(key="named", name={})
"""Under the names that their files have."""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file of the proposal: what was asked for, its key, and its name as evaluators read it."""

    label: Mapping[str, str]
    file_id: str
    name: str


def code_of(application_id: UUID, phase_id: UUID) -> str:
    """The name of a proposal while names are hidden: always the same, and nothing can be read from it."""
    digest = hashlib.sha256(b"proposal" + phase_id.bytes + application_id.bytes).digest()
    letters = base64.b32encode(digest[:CODE_BYTES]).decode()
    return f"{letters[:4]}-{letters[4:]}"


def hidden_keys(design: CallDesign, seen: EvaluationRound) -> frozenset[str]:
    """The questions and documents that evaluators do not see in this round."""
    questions = [each for section in design.sections for each in section.questions]
    named = {each.key for each in questions if seen.blind and _identifies(each)}
    return frozenset(named | set(seen.hidden))


def _identifies(question: Question) -> bool:
    return question.type in IDENTIFYING or any(column.type in IDENTIFYING for column in question.columns)


def as_seen(content: Mapping[str, Any], seen: EvaluationRound, hidden: Collection[str], code: str) -> dict[str, Any]:
    """The content of a submission as evaluators read it: sections without what is hidden, empty ones left out."""
    strike = striker(content) if seen.blind else as_it_is
    sections = [
        {
            **section,
            "answers": [_answer(each, seen, strike, code) for each in section["answers"] if each["key"] not in hidden],
        }
        for section in content["sections"]
    ]
    shown = {
        "title": strike(content["title"]),
        "area": content.get("area"),
        "amounts": content["amounts"],
        "sections": [section for section in sections if section["answers"]],
        "files": [each for each in content["files"] if each["document"] not in hidden],
    }
    return shown if seen.blind else {**shown, "organisation": content["organisation"]}


def files_seen(content: Mapping[str, Any], seen: EvaluationRound, code: str) -> list[SeenFile]:
    """The files of a content as it is seen: documents first, then those given as answers."""
    asked = [(each["label"], each["file_id"], each["name"]) for each in content["files"]]
    asked += [
        (answer["label"], file["id"], file["name"])
        for section in content["sections"]
        for answer in section["answers"]
        if answer.get("type") == QuestionType.FILES.value
        for file in answer["value"] or ()
    ]
    return [
        SeenFile(label, file_id, _coded(name, code, number) if seen.blind else name)
        for number, (label, file_id, name) in enumerate(asked, 1)
    ]


def file_labels(content: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Mapping[str, str]]:
    """What each file of a content was asked for as, by its key, without what evaluators do not see."""
    shown = {"files": [each for each in content["files"] if each["document"] not in hidden],
             "sections": [{"answers": [each for each in section["answers"] if each["key"] not in hidden]}
                          for section in content["sections"]]}  # fmt: skip
    return {each.file_id: each.label for each in files_seen(shown, NAMED, "")}


def _coded(name: str, code: str, number: int) -> str:
    ending = name.removesuffix(".p7m").rpartition(".")[2]
    return f"{code}-{number}.{ending.lower()}"


def _answer(
    answer: Mapping[str, Any], seen: EvaluationRound, strike: Callable[[Any], Any], code: str
) -> dict[str, Any]:
    if seen.blind and answer.get("type") == QuestionType.FILES.value:
        count = len(answer["value"] or ())
        return {**answer, "text": {"it": f"File: {count}", "en": f"Files: {count}"}}
    return {**answer, "text": strike(answer["text"]), "table": strike(answer.get("table"))}
