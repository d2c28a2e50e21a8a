"""The words that mean something in the costs of a grant, in both languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.core.i18n import in_both
from portal.milestones.costs.labels import DOCUMENTS, FIELDS, MEANS
from portal.milestones.costs.rules.terms import Category
from portal.milestones.costs.rules.typed import Vocabulary
from portal.milestones.models import Milestone


def vocabulary_of(categories: Mapping[str, Category], milestones: Iterable[Milestone]) -> Vocabulary:
    """Keys and words of a call's kinds of cost, of documents, of payments; milestones by number."""
    return Vocabulary(
        categories=_spoken({key: each.name for key, each in categories.items()}),
        documents=_by_words(DOCUMENTS),
        means=_by_words(MEANS),
        milestones={str(each.number): each.id for each in milestones} | {str(each.id): each.id for each in milestones},
    )


def heads() -> dict[str, str]:
    """The field that the head of a column names, in either language."""
    return _spoken({key: in_both(words) for key, words in FIELDS.items()})


def _by_words(labels: Mapping[Any, object]) -> dict[str, Any]:
    known = {each.value: each for each in labels}
    return {word: known[value] for word, value in _spoken({k.value: in_both(v) for k, v in labels.items()}).items()}


def _spoken(names: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    found = {key.lower(): key for key in names}
    for key, name in names.items():
        found |= {said.strip().lower(): key for said in name.values() if said.strip()}
    return found
