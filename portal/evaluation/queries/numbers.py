"""The numbers behind tags, out of thousands of filled forms of one kind."""

from collections.abc import Sequence
from decimal import Decimal

from portal.questionnaires.rules import FilledForm, Form
from portal.questionnaires.rules.design import NUMERIC, Question
from portal.questionnaires.rules.stored import is_answered
from portal.questionnaires.rules.units import in_units


class NumberReader:
    """What each tag sums up to: straight from the answer where one question, always asked and typed, bears the tag."""

    def __init__(self, form: Form, names: Sequence[str]) -> None:
        self._plain = {name: _plain(form, name) for name in names}

    def numbers(self, said: FilledForm) -> tuple[tuple[str, Decimal], ...]:
        """The tags that were answered, with their sums."""
        found: list[tuple[str, Decimal]] = []
        for name, question in self._plain.items():
            if question is None:
                given = said.numbers(name)
                found += [(name, sum(given, Decimal(0)))] if given else []
                continue
            stored = said.values.get(question.key)
            if stored is not None and is_answered(question, stored):
                number = in_units(question, stored.get("value"))
                found += [] if number is None else [(name, Decimal(0) + number)]
        return tuple(found)


def _plain(form: Form, name: str) -> Question | None:
    """The one question with this tag, where nothing hides or computes its answer."""
    asked = form.by_tag.get(name, ())
    if len(asked) != 1:
        return None
    (question, column), *_others = asked
    section = form.section_of.get(question.key)
    is_plain = column is None and question.type in NUMERIC and not question.is_computed and not question.has_rows
    is_shown = section is not None and section.when is None and question.when is None
    return question if is_plain and is_shown else None
