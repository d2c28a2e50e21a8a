"""Answers as rules read them, the same from a draft and from what was frozen: by their tags. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.questionnaires.rules import FilledForm, QuestionType

TEAM = "team.members"
"""The people of an applicant, one a row."""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer that counts: where it stands, what it means, its stored value, the tags of its columns by key."""

    section: str
    key: str
    type: QuestionType
    tag: str | None
    value: Any
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, str]:
        """Its section and its question."""
        return self.section, self.key

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its rows, each {column key: stored value}; none for every other answer."""
        return [row for row in self.value if isinstance(row, dict)] if isinstance(self.value, list) else []


def given_of(filled: FilledForm) -> list[Given]:
    """The answers of a form as it is filled in now; hidden questions are left out."""
    return list(_given_of(filled))


def _given_of(filled: FilledForm) -> Iterator[Given]:
    for section in filled.sections:
        for question in filled.questions_of(section):
            stored = filled.stored(question)
            tags = {column.key: column.tag for column in question.columns if column.tag}
            value = stored.get("value") if stored else None
            yield Given(section.key, question.key, question.type, question.tag, value, tags)


def given_in(content: Mapping[str, Any]) -> list[Given]:
    """The answers of a frozen content (`content.freeze`), whatever its format."""
    return [
        Given(section["key"], answer["key"], QuestionType(answer["type"]), answer.get("tag"), answer["value"],
              answer.get("tags", {}))
        for section in content["sections"]
        for answer in section["answers"]
    ]  # fmt: skip


def by_tag(given: Iterable[Given]) -> dict[str, list[Any]]:
    """The stored values by tag, in the order of the form; a column gives one value a row."""
    found: dict[str, list[Any]] = {}
    for each in given:
        if each.tag and each.value is not None:
            found.setdefault(each.tag, []).append(each.value)
        for column, tag in each.tags.items():
            cells = [row[column] for row in each.rows if row.get(column) is not None]
            found.setdefault(tag, []).extend(cells)
    return found


def team_in(given: Sequence[Given]) -> Given | None:
    """The list of the applicant's people; None where it is not asked."""
    return next((each for each in given if each.tag == TEAM and each.type is QuestionType.PEOPLE), None)
