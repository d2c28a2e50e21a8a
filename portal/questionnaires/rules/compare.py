"""What changed between two forms: typed changes, each in words, and whether answers given before still hold. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from portal.core.i18n import in_language, lazy_
from portal.questionnaires.rules.design import CHOSEN, Form, Question, QuestionType, Section, Text


class ChangeKind(StrEnum):
    """What happened to a question, a column or a section."""

    ADDED = "added"
    REMOVED = "removed"
    RETYPED = "retyped"
    OPTION_ADDED = "option_added"
    OPTION_LOST = "option_lost"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    REQUIRED = "required"
    OPTIONAL = "optional"
    CONDITION = "condition"
    COMPUTED = "computed"
    TAG = "tag"
    TEXT = "text"
    MOVED = "moved"


WORDS = {
    ChangeKind.ADDED: lazy_("“%(label)s” was added"),
    ChangeKind.REMOVED: lazy_("“%(label)s” was taken out"),
    ChangeKind.RETYPED: lazy_("“%(label)s” is answered in another way"),
    ChangeKind.OPTION_ADDED: lazy_("“%(label)s” has a new option: %(detail)s"),
    ChangeKind.OPTION_LOST: lazy_("“%(label)s” no longer has the option %(detail)s"),
    ChangeKind.TIGHTENED: lazy_("“%(label)s” has a narrower limit"),
    ChangeKind.LOOSENED: lazy_("“%(label)s” has a wider limit"),
    ChangeKind.REQUIRED: lazy_("“%(label)s” must now be answered"),
    ChangeKind.OPTIONAL: lazy_("“%(label)s” may now be left empty"),
    ChangeKind.CONDITION: lazy_("“%(label)s” is asked in other cases than before"),
    ChangeKind.COMPUTED: lazy_("“%(label)s” is computed in another way"),
    ChangeKind.TAG: lazy_("“%(label)s” has another tag"),
    ChangeKind.TEXT: lazy_("“%(label)s” has another text"),
    ChangeKind.MOVED: lazy_("“%(label)s” stands in another place"),
}
BREAKING = frozenset({ChangeKind.REMOVED, ChangeKind.RETYPED, ChangeKind.OPTION_LOST})
"""Changes after which an answer given before may no longer be read, or no longer counts."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `key` is the question's (empty for a section), `column` a column's; `label` the newest label.

    `str()` gives the words in the reader's language, `in_both` in both.
    """

    kind: ChangeKind
    section: str
    label: Text
    key: str = ""
    column: str = ""
    detail: Text | None = None

    @property
    def is_compatible(self) -> bool:
        """Whether every answer given before is still an answer: limits and requirements may ask to mend it."""
        return not self.key or self.kind not in BREAKING

    def __str__(self) -> str:
        """What changed, in one sentence without a full stop."""
        return str(WORDS[self.kind]) % {"label": in_language(self.label), "detail": in_language(self.detail)}


Limit = Callable[[Question], float]
UPPER: tuple[Limit, ...] = (
    lambda each: each.limit or 0,
    lambda each: float("inf") if each.maximum is None else float(each.maximum),
    lambda each: float("inf") if each.latest is None else each.latest.toordinal(),
    lambda each: each.max_choices or float("inf"),
    lambda each: each.most_rows,
    lambda each: each.max_mb or float("inf"),
    lambda each: each.max_files or float("inf"),
    lambda each: float("inf") if each.holder is None else 0,
    lambda each: 0 if each.inside_areas else 1,
)
"""Limits that become narrower when they sink."""
LOWER: tuple[Limit, ...] = (
    lambda each: float("-inf") if each.minimum is None else float(each.minimum),
    lambda each: float("-inf") if each.earliest is None else each.earliest.toordinal(),
    lambda each: each.min_choices or 0,
    lambda each: each.min_rows or 0,
)
"""Limits that become narrower when they rise."""


def compare_forms(old: Form, new: Form) -> list[Change]:
    """Every change from the old form to the new one, in the order of the new one; what was taken out comes last."""
    changes = [change for section in new.sections for change in _section(old, section)]
    gone = [section for section in old.sections if new.section(section.key) is None]
    changes += [Change(ChangeKind.REMOVED, section.key, section.title) for section in gone]
    return [*changes, *_removed(old, new)]


def are_compatible(changes: list[Change]) -> bool:
    """Whether drafts can be carried over without losing an answer."""
    return all(change.is_compatible for change in changes)


def _removed(old: Form, new: Form) -> Iterator[Change]:
    for question in old.questions:
        if new.question(question.key) is None:
            section = old.section_of[question.key].key
            yield Change(ChangeKind.REMOVED, section, question.label, question.key)


def _section(old: Form, new: Section) -> Iterator[Change]:
    before = old.section(new.key)
    if before is None:
        yield Change(ChangeKind.ADDED, new.key, new.title)
    else:
        if before.when != new.when:
            yield Change(ChangeKind.CONDITION, new.key, new.title)
        if (before.title, before.intro) != (new.title, new.intro):
            yield Change(ChangeKind.TEXT, new.key, new.title)
    for question in new.questions:
        yield from _question(old, new, question)


def _question(old: Form, section: Section, new: Question) -> Iterator[Change]:
    before = old.question(new.key)
    if before is None:
        yield Change(ChangeKind.ADDED, section.key, new.label, new.key)
        return
    for kind, detail in _differences(before, new):
        yield Change(kind, section.key, new.label, new.key, detail=detail)
    if before.when != new.when:
        yield Change(ChangeKind.CONDITION, section.key, new.label, new.key)
    if _has_moved(old, section, new):
        yield Change(ChangeKind.MOVED, section.key, new.label, new.key)
    if before.has_rows and before.type is new.type:
        yield from _columns(section, before, new)


def _has_moved(old: Form, section: Section, new: Question) -> bool:
    """Whether it stands in another section, or elsewhere among the questions that both forms have there."""
    before = old.section_of[new.key]
    if before.key != section.key:
        return True
    here = [each.key for each in section.questions if _was_in(before, each.key)]
    there = [each.key for each in before.questions if each.key in here]
    return new.key not in _unmoved(there, here)


def _was_in(section: Section, key: str) -> bool:
    return any(each.key == key for each in section.questions)


def _unmoved(there: list[str], here: list[str]) -> set[str]:
    """The keys that kept their order, as many as possible."""
    blocks = SequenceMatcher(None, there, here, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in there[block.a : block.a + block.size]}


def _columns(section: Section, before: Question, new: Question) -> Iterator[Change]:
    for column in new.columns:
        was = before.column(column.key)
        kinds = [(ChangeKind.ADDED, None)] if was is None else _differences(was, column)
        for kind, detail in kinds:
            yield Change(kind, section.key, column.label, new.key, column.key, detail)
    for was in before.columns:
        if new.column(was.key) is None:
            yield Change(ChangeKind.REMOVED, section.key, was.label, new.key, was.key)
    both = [[each.key for each in side.columns if _in_both(before, new, each.key)] for side in (before, new)]
    if both[0] != both[1]:
        yield Change(ChangeKind.MOVED, section.key, new.label, new.key)


def _in_both(before: Question, new: Question, key: str) -> bool:
    return before.column(key) is not None and new.column(key) is not None


def _differences(before: Question, new: Question) -> Iterator[tuple[ChangeKind, Text | None]]:
    if _is_retyped(before, new):
        yield ChangeKind.RETYPED, None
    elif before.formula != new.formula:
        yield ChangeKind.COMPUTED, None
    if new.type in CHOSEN:
        yield from _options(before, new)
    if before.type is new.type:
        yield from _limits(before, new)
    if before.required != new.required:
        yield (ChangeKind.REQUIRED if new.required else ChangeKind.OPTIONAL), None
    if before.tag != new.tag:
        yield ChangeKind.TAG, None
    if _texts(before, new) != _texts(new, before):
        yield ChangeKind.TEXT, None


def _is_retyped(before: Question, new: Question) -> bool:
    """Another type, fewer decimals, or computed instead of typed (or the reverse)."""
    fewer = before.places > new.places and new.type is not QuestionType.MONEY
    return before.type is not new.type or fewer or before.is_computed != new.is_computed


def _options(before: Question, new: Question) -> Iterator[tuple[ChangeKind, Text | None]]:
    was, now = ({option.key: option.label for option in each.options} for each in (before, new))
    for key in was.keys() - now.keys() if before.type in CHOSEN else ():
        yield ChangeKind.OPTION_LOST, was[key]
    for key in [key for key in now if key not in was]:
        yield ChangeKind.OPTION_ADDED, now[key]


def _limits(before: Question, new: Question) -> Iterator[tuple[ChangeKind, Text | None]]:
    steps = [limit(new) - limit(before) for limit in UPPER if limit(new) != limit(before)]
    steps += [limit(before) - limit(new) for limit in LOWER if limit(new) != limit(before)]
    kinds_lost = set(before.accept or ["any"]) - set(new.accept or ["any"])
    if any(step < 0 for step in steps) or (new.accept and kinds_lost) or _is_other_holder(before, new):
        yield ChangeKind.TIGHTENED, None
    elif steps or set(before.accept) != set(new.accept) or before.places < new.places:
        yield ChangeKind.LOOSENED, None


def _is_other_holder(before: Question, new: Question) -> bool:
    return before.holder is not None and new.holder is not None and before.holder is not new.holder


def _texts(question: Question, other: Question) -> tuple[Any, ...]:
    """What is written around a question; labels of options only where the other has them too."""
    shared = {option.key for option in other.options}
    labels = {option.key: option.label for option in question.options if option.key in shared}
    return question.label, question.help, question.page, question.advised_chars, question.total, labels
