"""What a form is: sections, questions, types and limits. Texts are {"it": …, "en": …}."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

Text = dict[str, str]


class Exact:
    """Data that may be read from a file: a key that nobody knows is refused, not dropped."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


VERSION_PREFIX = "v-"
"""The field `v-<key>` carries the version of the answer that the sender saw."""
RESERVED_KEYS = frozenset({"csrf_token", "idempotency_key", "stay"})
KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
MOST_KEPT = 50_000
"""Characters of one answer that are kept at all, even in a draft: beyond them it is refused."""


class QuestionType(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    YES_NO = "yes_no"
    CHOICE = "choice"
    AREA = "area"
    DATE = "date"
    DECLARATION = "declaration"


LIMITS = {QuestionType.TEXT: 300, QuestionType.LONG_TEXT: 10_000}
"""The most characters where the question says nothing."""


@dataclass(frozen=True)
class Option(Exact):
    """One answer of a choice."""

    key: str
    label: Text


@dataclass(frozen=True)
class Question(Exact):
    """One question. `tag` tells the code what it means (`budget.requested`), `key` never changes."""

    key: str
    type: QuestionType
    label: Text
    help: Text | None = None
    required: bool = False
    max_chars: int | None = None
    tag: str | None = None
    options: list[Option] = field(default_factory=list)

    @property
    def limit(self) -> int | None:
        """The most characters of a text; None for every other type."""
        return (self.max_chars or LIMITS[self.type]) if self.type in LIMITS else None

    @property
    def most_kept(self) -> int:
        """The characters above which not even a draft keeps the answer."""
        return max(MOST_KEPT, 2 * (self.limit or 0))


@dataclass(frozen=True)
class Section(Exact):
    """Questions answered on one page."""

    key: str
    title: Text
    questions: list[Question]
    intro: Text | None = None


@dataclass(frozen=True)
class Form:
    """A whole questionnaire."""

    sections: list[Section]

    def section(self, key: str) -> Section | None:
        """The section with this key, if any."""
        return next((section for section in self.sections if section.key == key), None)

    def question(self, key: str) -> Question | None:
        """The question with this key, if any."""
        return next((question for question in self.questions if question.key == key), None)

    @property
    def questions(self) -> list[Question]:
        """Every question, in order."""
        return [question for section in self.sections for question in section.questions]


class MalformedForm(ValueError):
    """A design whose questions cannot be told apart or answered: `portal call validate` shows it."""


def form_from_design(sections: list[Section]) -> Form:
    """The form of a call's design; MalformedForm when two questions share a key or a choice has no options."""
    form = Form(list(sections))
    _must_differ("section", [section.key for section in form.sections])
    _must_differ("question", [question.key for question in form.questions])
    for question in form.questions:
        if not KEY.fullmatch(question.key):
            raise MalformedForm(f"question {question.key}: write the key in small letters, digits and underscores")
        if question.key in RESERVED_KEYS:
            raise MalformedForm(f"question {question.key}: this key is taken by the portal; choose another")
        if question.type is QuestionType.CHOICE:
            if not question.options:
                raise MalformedForm(f"question {question.key}: a choice needs options")
            _must_differ(f"question {question.key}, option", [option.key for option in question.options])
    return form


def _must_differ(what: str, keys: list[str]) -> None:
    for key in sorted(set(keys)):
        if keys.count(key) > 1:
            raise MalformedForm(f"{what} {key}: this key is used twice")
