"""Conditions in words, in the language of whoever reads: for checklists, eligibility and the designer's outline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.core.i18n import in_language, lazy_
from portal.questionnaires.rules.conditions import number_of
from portal.questionnaires.rules.design import NUMERIC, Condition, Question
from portal.questionnaires.rules.facts import FACTS
from portal.questionnaires.rules.limits import InUnits

ALWAYS = lazy_("always")
YES, NO = lazy_("yes"), lazy_("no")
COMPARED = {
    "equals": lazy_("%(subject)s is %(value)s"),
    "differs": lazy_("%(subject)s is not %(value)s"),
    "in_": lazy_("%(subject)s is one of %(value)s"),
    "above": lazy_("%(subject)s is more than %(value)s"),
    "at_least": lazy_("%(subject)s is at least %(value)s"),
    "below": lazy_("%(subject)s is less than %(value)s"),
    "at_most": lazy_("%(subject)s is at most %(value)s"),
}
AND, OR = lazy_("and"), lazy_("or")
ANSWERED, UNANSWERED = lazy_("%(subject)s is answered"), lazy_("%(subject)s is not answered")
UNLESS = lazy_("it is not so that %(words)s")


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """A condition that is written in the reader's language only when it is read; `in_both` gives both.

    `questions` are those it may name, by key; `areas` the names of the areas by their keys.
    """

    condition: Condition | None
    questions: Mapping[str, Question] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """The words, without a capital and without a full stop; "always" where there is no condition."""
        return str(ALWAYS) if self.condition is None else self._of(self.condition, top=True)

    def _of(self, condition: Condition, *, top: bool = False) -> str:
        for parts, word in ((condition.all, AND), (condition.any, OR)):
            if parts is not None:
                joined = f" {word} ".join(self._of(part) for part in parts)
                return joined if top or len(parts) == 1 else f"({joined})"
        if condition.not_ is not None:
            return str(UNLESS) % {"words": self._of(condition.not_)}
        return self._compared(condition)

    def _compared(self, condition: Condition) -> str:
        question = self.questions.get(condition.question or "")
        subject = self._subject(condition, question)
        comparison = condition.comparison
        if comparison is None:
            return subject
        how, wanted = comparison
        if isinstance(wanted, bool) and condition.fact in FACTS and how in ("equals", "differs"):
            return subject if wanted is (how == "equals") else str(UNLESS) % {"words": subject}
        if how == "answered":
            return str(ANSWERED if wanted else UNANSWERED) % {"subject": subject}
        values = wanted if isinstance(wanted, list) else [wanted]
        value = ", ".join(self._value(condition, question, each) for each in values)
        return str(COMPARED[how]) % {"subject": subject, "value": value}

    def _subject(self, condition: Condition, question: Question | None) -> str:
        if condition.fact is not None:
            return str(FACTS[condition.fact].label) if condition.fact in FACTS else condition.fact
        return f"“{in_language(question.label)}”" if question is not None else f"“{condition.question}”"

    def _value(self, condition: Condition, question: Question | None, wanted: Any) -> str:
        if isinstance(wanted, bool):
            return str(YES if wanted else NO)
        number = number_of(wanted)
        if question is not None and question.type in NUMERIC and number is not None:
            return str(InUnits(question, number))
        options = {option.key: in_language(option.label) for option in question.options} if question else {}
        facts = FACTS[condition.fact].options if condition.fact in FACTS else {}
        word = str(wanted)
        return options.get(word) or self.areas.get(word) or str(facts.get(word) or word)


def condition_in_words(
    condition: Condition | None, questions: Mapping[str, Question], areas: Mapping[str, str] | None = None
) -> ConditionWords:
    """The words of a condition, e.g. ‘“Budget” is more than € 1.000,00 and kind of applicant is …’, lazily."""
    return ConditionWords(condition, questions, areas or {})
