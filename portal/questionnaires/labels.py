"""The words for answers, and for the list of what is still to mend."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.core.i18n import _, in_language, locale
from portal.core.instants import format_day
from portal.core.money import format_cents, format_money
from portal.questionnaires.rules import Form, Question, QuestionType, Stored

FIELD_ID = "q-"
DASH = "–"


def answer_in_words(question: Question, stored: Stored | None, areas: Mapping[str, str] | None = None) -> str:
    """A stored answer as it is read; `areas` maps the key of an area to its name. A dash for none."""
    if stored and stored.get("fault"):
        return str(stored.get("typed", ""))
    value = stored.get("value") if stored else None
    if question.type is QuestionType.DECLARATION:
        return str(_("Declared") if value is True else _("Not declared"))
    return DASH if value is None else _value_in_words(question, value, areas or {})


def _value_in_words(question: Question, value: Any, areas: Mapping[str, str]) -> str:
    match question.type:
        case QuestionType.MONEY:
            return format_money(value)
        case QuestionType.NUMBER:
            return format_cents(value * 100, locale())[:-3]
        case QuestionType.YES_NO:
            return str(_("Yes") if value else _("No"))
        case QuestionType.CHOICE:
            labels = {option.key: in_language(option.label) for option in question.options}
            return labels.get(value, str(value))
        case QuestionType.DATE:
            return format_day(date.fromisoformat(value))
        case QuestionType.AREA:
            return areas.get(value, str(value))
        case _:
            return str(value)


def field_text(question: Question, stored: Stored | None) -> str:
    """A stored answer as its field shows it for editing; what could not be read stays as it was typed."""
    if not stored:
        return ""
    if stored.get("fault"):
        return str(stored.get("typed", ""))
    value = stored.get("value")
    if value is None:
        return ""
    match question.type:
        case QuestionType.MONEY:
            return format_cents(value)
        case QuestionType.YES_NO | QuestionType.DECLARATION:
            return "yes" if value else "no"
        case _:
            return str(value)


def field_id(question: Question) -> str:
    """The id of the control to which a summary of errors leads."""
    first = question.type is QuestionType.YES_NO or (question.type is QuestionType.CHOICE and is_short(question))
    return f"{FIELD_ID}{question.key}{'-0' if first else ''}"


def is_short(question: Question) -> bool:
    """Whether the options are few enough to stand one under the other."""
    return len(question.options) <= 5


def summary_of(form: Form, faults: Mapping[str, object]) -> dict[str, str]:
    """What is missing or wrong, each with the name of its question, by the id of its field: for `error_summary`."""
    found = {}
    for question in form.questions:
        if message := faults.get(question.key):
            found[field_id(question)] = f"{in_language(question.label)}: {message}"
    return found
