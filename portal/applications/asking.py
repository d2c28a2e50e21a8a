"""What somebody is asked who wants to know whether they may take part: only what the rules of the call need."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from portal.access.labels import LEGAL_FORMS
from portal.access.rules import LegalForm, OrganisationKind
from portal.access.rules.organisations import ONLY_FORM
from portal.applications.facts import MEMBERS, ORGANISATIONS, months_between
from portal.calls.rules import CallDesign
from portal.core.i18n import lazy_, locale
from portal.questionnaires.rules import (
    FACTS,
    Condition,
    FactValue,
    FilledForm,
    Form,
    Option,
    Question,
    QuestionType,
    Section,
    Stored,
    facts_in,
    questions_in,
)
from portal.questionnaires.rules.facts import FactType

LEGAL_FORM, FOUNDED = "fact_form", "fact_founded"
AGE = "applicant.age_months"
FOLLOWS = frozenset({"applicant.kind", "applicant.form", "applicant.is_incorporated"})
"""Facts that follow from the legal form."""
COUNTED = {MEMBERS: "minimum_members", ORGANISATIONS: "minimum_organisations"}
"""Facts that the duties of applicants count, and the key that says how many they must be."""
TYPES = {FactType.WORD: QuestionType.TEXT, FactType.NUMBER: QuestionType.NUMBER, FactType.YES_NO: QuestionType.YES_NO}


def questions_to_ask(design: CallDesign) -> list[Question]:
    """The legal form, the facts that the rules name, and the questions that they name, each once."""
    named = dict.fromkeys(name for rule in design.eligibility for name in facts_in(rule.when))
    facts = [_about(name) for name in named if name not in FOLLOWS]
    counts = [_about_some(design, name, field) for name, field in COUNTED.items() if name not in named]
    return [_legal_form(), *facts, *(each for each in counts if each), *questions_of_rules(design)]


def questions_of_rules(design: CallDesign) -> list[Question]:
    """The questions that the rules name: their answers are carried into an application that is begun from there."""
    asked = {rule.question.key: rule.question for rule in design.eligibility if rule.question}
    known = {each.key: each for section in design.questionnaire.sections for each in section.questions}
    keys = dict.fromkeys(key for rule in design.eligibility for key in questions_in(rule.when))
    named_too = [asked.get(key) or known[key] for key in keys if key in asked or key in known]
    return [replace(each, when=None, page=None, required=True) for each in named_too]


def answered(questions: Iterable[Question], values: Mapping[str, Stored], today: date) -> FilledForm:
    """What was answered, with the facts that it tells."""
    form = Form([Section("eligibility", {}, list(questions))])
    return FilledForm(form, values, _facts(values, today))


def _facts(values: Mapping[str, Stored], today: date) -> dict[str, FactValue]:
    given = {key: stored.get("value") for key, stored in values.items()}
    facts: dict[str, FactValue] = {}
    if legal_form := given.get(LEGAL_FORM):
        kind = kind_of(legal_form)
        facts |= {
            "applicant.form": legal_form, "applicant.kind": kind.value,
            "applicant.is_incorporated": kind is OrganisationKind.LEGAL_ENTITY,
        }  # fmt: skip
    if founded := given.get(FOUNDED):
        facts[AGE] = months_between(date.fromisoformat(founded), today)
    for name in FACTS:
        value: Any = given.get(_key(name))
        if value is not None:
            facts[name] = value.upper() if isinstance(value, str) else value
    return facts


def kind_of(legal_form: str) -> OrganisationKind:
    """The kind of applicant that has this legal form."""
    only = {form: kind for kind, form in ONLY_FORM.items()}
    return OrganisationKind(only.get(legal_form, OrganisationKind.LEGAL_ENTITY))


def _key(name: str) -> str:
    return f"fact_of_{name.rpartition('.')[2]}"


def _said(label: object) -> dict[str, str]:
    """A label of the interface as a text of a form, in the reader's language."""
    return {locale(): str(label)}


def _legal_form() -> Question:
    options = [Option(form.value, _said(LEGAL_FORMS[form])) for form in LegalForm]
    return Question(LEGAL_FORM, QuestionType.CHOICE, _said(lazy_("Who would apply?")), required=True, options=options)


def _about_some(design: CallDesign, name: str, field: str) -> Question | None:
    """How many they are, asked of those alone whose rule sets a minimum."""
    forms = [form for rule in design.applicants if getattr(rule, field) is not None for form in rule.forms]
    return replace(_about(name), when=Condition(question=LEGAL_FORM, in_=list(forms))) if forms else None


def _about(name: str) -> Question:
    if name == AGE:
        label = lazy_("When was it founded?")
        return Question(FOUNDED, QuestionType.DATE, _said(label), required=True)
    fact = FACTS[name]
    label = str(fact.label)
    return Question(_key(name), TYPES[fact.type], _said(label[:1].upper() + label[1:]), required=True)
