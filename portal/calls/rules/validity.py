"""What a call's file must satisfy beyond its types: every fault at once, each with its place and its mend."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from portal.access.rules import LegalForm, OrganisationKind
from portal.access.rules.organisations import is_form_of
from portal.calls.rules.design import CallDesign, DocumentRequest, GateName, PhaseDesign, TieBreakBy
from portal.calls.rules.times import NoSuchTime, instant_of
from portal.questionnaires.rules import Question, QuestionType

Faults = Iterator[str]
KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FORMATS = {
    "authority.code": (re.compile(r"[a-z][a-z0-9-]{0,31}"), "lower-case letters, digits and hyphens, at most 32"),
    "authority.istat": (re.compile(r"\d{6}"), "six digits, in quotes"),
    "authority.fiscal_code": (re.compile(r"\d{11}"), "eleven digits, in quotes"),
    "email": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "an e-mail address"),
    "cup": (re.compile(r"[A-Z]\d{2}[A-Z]\d{11}"), "fifteen characters, such as F79D19000030007"),
}
FILE_KINDS = {"pdf", "p7m", "docx", "odt", "xlsx", "ods", "jpg", "png", "zip"}
LARGEST_MB = 20
LARGEST_AMOUNT = Decimal(10) ** 12
FROM_THE_AUTHORITY = {"office"}
"""Texts that may be empty in both languages: then those of the authority's settings are shown."""
TAGS = {"application.title": QuestionType.TEXT, "budget.requested": QuestionType.MONEY}
"""What every questionnaire must ask, once: lists and rankings are made of it."""


def faults_of(design: CallDesign) -> list[str]:
    """Every fault of a design, in the order of the file; an empty list when there is none."""
    return [fault for check in CHECKS for fault in check(design)]


def _names(design: CallDesign) -> Faults:
    if not SLUG.fullmatch(design.slug) or len(design.slug) > 80:
        yield "slug: lower-case words joined by hyphens, at most 80 characters"
    given = {f"authority.{name}": getattr(design.authority, name) for name in ("code", "istat", "fiscal_code")}
    for place, value in (given | {"email": design.email, "cup": design.cup}).items():
        pattern, words = FORMATS[place]
        if value is not None and not pattern.fullmatch(value):
            yield f"{place}: {value!r} is not {words}"
    if not design.authority.name.strip():
        yield "authority.name: write the name of the authority"


def _texts(design: CallDesign) -> Faults:
    yield from _untold(design, "")


def _untold(value: Any, place: str) -> Faults:
    """Texts below `value` that lack a language."""
    if is_dataclass(value):
        for each in fields(value):
            yield from _untold(getattr(value, each.name), f"{place}.{each.name}".lstrip("."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _untold(item, f"{place}.{index}")
    elif isinstance(value, dict) and place == "texts":
        for key, text in value.items():
            yield from _untold(text, f"{place}.{key}")
    elif isinstance(value, dict):
        yield from _languages(value, place)


def _languages(text: dict[str, str], place: str) -> Faults:
    if place in FROM_THE_AUTHORITY and not any(each.strip() for each in text.values()):
        return
    for language in ("it", "en"):
        if not text.get(language, "").strip():
            yield f"{place}.{language}: the text is missing in this language"
    for language in sorted(text.keys() - {"it", "en"}):
        yield f"{place}.{language}: texts are in it and en only"


def _keys(design: CallDesign) -> Faults:
    lists: dict[str, Iterable[Any]] = {
        name: getattr(design, name)
        for name in ("areas", "budget_lines", "phases", "documents_requested", "criteria", "milestones", "tranches",
                     "indicators")
    }  # fmt: skip
    sections = design.questionnaire.sections
    lists["questionnaire.sections"] = sections
    lists["questionnaire (all questions)"] = [question for section in sections for question in section.questions]
    for place, items in lists.items():
        yield from _keys_of(place, [item.key for item in items])
    yield from (f"acts: number {number!r} stands twice" for number in _twice(act.number for act in design.acts))


def _keys_of(place: str, keys: list[str]) -> Faults:
    yield from (f"{place}: key {key!r} stands twice" for key in _twice(keys))
    for key in keys:
        if not KEY.fullmatch(key):
            yield f"{place}: key {key!r}: lower-case letters, digits and underscores, at most 64"


def _twice(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def _needed(design: CallDesign) -> Faults:
    for name in ("budget_lines", "applicants", "phases", "criteria", "milestones", "tranches"):
        if not getattr(design, name):
            yield f"{name}: at least one is needed"
    if design.areas_required and not design.areas:
        yield "areas_required: there is no area to choose"
    for index, area in enumerate(design.areas):
        if not (-90 <= area.lat <= 90 and -180 <= area.lon <= 180):
            yield f"areas.{index}: latitude or longitude is outside the Earth"


def _two_decimals(place: str, value: Decimal) -> Faults:
    if value != value.quantize(Decimal("0.01")):
        yield f"{place}: {value} has more than two decimals"


def _money(design: CallDesign) -> Faults:
    for index, line in enumerate(design.budget_lines):
        yield from _amount(f"budget_lines.{index}.amount", line.amount)
    total = sum((line.amount for line in design.budget_lines), Decimal(0))
    for index, rule in enumerate(design.applicants):
        place = f"applicants.{index}"
        yield from _amount(f"{place}.minimum", rule.minimum)
        yield from _amount(f"{place}.maximum", rule.maximum)
        yield from _two_decimals(f"{place}.cofinancing", rule.cofinancing)
        if rule.minimum > rule.maximum:
            yield f"{place}.minimum: {rule.minimum} is more than the maximum, {rule.maximum}"
        if rule.maximum > total:
            yield f"{place}.maximum: {rule.maximum} is more than the whole budget, {total}"
        if not 0 <= rule.cofinancing < 100:
            yield f"{place}.cofinancing: a percentage of the total cost, from 0 to less than 100"


def _amount(place: str, value: Decimal) -> Faults:
    if not 0 < value < LARGEST_AMOUNT:
        yield f"{place}: {value} is not an amount above zero and below {LARGEST_AMOUNT}"
        return
    yield from _two_decimals(place, value)


def _applicants(design: CallDesign) -> Faults:
    kinds, forms = set(OrganisationKind), set(LegalForm)
    for index, rule in enumerate(design.applicants):
        place, informal = f"applicants.{index}", rule.kind == OrganisationKind.INFORMAL_GROUP
        if rule.kind not in kinds:
            yield f"{place}.kind: {rule.kind!r} is not one of {', '.join(sorted(kinds))}"
        for form in rule.forms:
            if form not in forms or not is_form_of(rule.kind, form):
                yield f"{place}.forms: {form!r} is not a legal form of {rule.kind}"
        if not rule.forms:
            yield f"{place}.forms: at least one is needed"
        if rule.must_incorporate_days is not None and (not informal or rule.must_incorporate_days < 1):
            yield f"{place}.must_incorporate_days: days, one at least, and only for informal groups"
    pairs = [f"{rule.kind}/{form}" for rule in design.applicants for form in rule.forms]
    yield from (f"applicants: {pair} stands in two rules" for pair in _twice(pairs))


def _phases(design: CallDesign) -> Faults:
    for index, phase in enumerate(design.phases):
        place = f"phases.{index}"
        if not 0 <= phase.grace_seconds <= 3600:
            yield f"{place}.grace_seconds: from 0 to 3600"
        if not phase.deadlines:
            yield f"{place}.deadlines: one is needed"
        yield from _times(place, phase)
        for number, deadline in enumerate(phase.deadlines):
            if number and (deadline.act is None or deadline.reason is None):
                yield f"{place}.deadlines.{number}: an extension needs its act and its reason"


def _times(place: str, phase: PhaseDesign) -> Faults:
    walls = {f"{place}.opens": phase.opens}
    walls |= {f"{place}.deadlines.{n}.closes": deadline.closes for n, deadline in enumerate(phase.deadlines)}
    instants = []
    for where, wall in walls.items():
        try:
            instants.append((where, instant_of(wall, phase.zone)))
        except NoSuchTime as error:
            yield f"{where}: {error}"
    for (earlier, one), (later, other) in pairwise(instants):
        if one >= other:
            yield f"{later}: must come after {earlier}"


def _documents(design: CallDesign) -> Faults:
    kinds = {rule.kind for rule in design.applicants}
    for index, document in enumerate(design.documents_requested):
        yield from (f"documents_requested.{index}{fault}" for fault in _document(document, kinds))


def _document(document: DocumentRequest, kinds: set[str]) -> Faults:
    for kind in document.required_for:
        if kind not in kinds:
            yield f".required_for: {kind!r} is no kind of applicant of this call"
    unknown = sorted(set(document.accept) - FILE_KINDS)
    if unknown or not document.accept:
        yield f".accept: {', '.join(unknown) or 'nothing'}: choose among {', '.join(sorted(FILE_KINDS))}"
    if not 1 <= document.max_mb <= LARGEST_MB:
        yield f".max_mb: from 1 to {LARGEST_MB}"


def _criteria(design: CallDesign) -> Faults:
    for index, criterion in enumerate(design.criteria):
        place = f"criteria.{index}"
        yield from _amount(f"{place}.maximum", criterion.maximum)
        if criterion.threshold is not None:
            yield from _two_decimals(f"{place}.threshold", criterion.threshold)
            if not 0 <= criterion.threshold <= criterion.maximum:
                yield f"{place}.threshold: {criterion.threshold} is not between 0 and the maximum, {criterion.maximum}"
    most = sum((criterion.maximum for criterion in design.criteria), Decimal(0))
    yield from _two_decimals("minimum_total", design.minimum_total)
    if not 0 <= design.minimum_total <= most:
        yield f"minimum_total: {design.minimum_total} is not between 0 and the sum of the maxima, {most}"
    if not 0 <= design.decimals <= 2:
        yield "decimals: 0, 1 or 2"


def _tie_breaks(design: CallDesign) -> Faults:
    known = {criterion.key for criterion in design.criteria}
    for index, step in enumerate(design.tie_breaks):
        place = f"tie_breaks.{index}.criterion"
        if step.by is TieBreakBy.CRITERION and step.criterion not in known:
            yield f"{place}: {step.criterion!r} is no criterion of this call"
        if step.by is not TieBreakBy.CRITERION and step.criterion is not None:
            yield f"{place}: only `by: criterion` names one"
    steps = [f"{step.by} {step.criterion or ''}".strip() for step in design.tie_breaks]
    yield from (f"tie_breaks: {step!r} stands twice" for step in _twice(steps))


def _plan(design: CallDesign) -> Faults:
    weights = [milestone.weight for milestone in design.milestones]
    if min(weights, default=0) < 0 or (any(weights) and sum(weights) != 100):
        yield f"milestones: the weights sum to {sum(weights)}; they must be 100, or all 0"
    yield from (f"milestones.{n}.month: one at least" for n, each in enumerate(design.milestones) if each.month < 1)
    shares = sum((tranche.share for tranche in design.tranches), Decimal(0))
    if design.tranches and shares != 100:
        yield f"tranches: the shares sum to {shares}; they must be 100"
    known = {milestone.key for milestone in design.milestones}
    for index, tranche in enumerate(design.tranches):
        place = f"tranches.{index}"
        yield from _amount(f"{place}.share", tranche.share)
        if tranche.milestone is not None and tranche.milestone not in known:
            yield f"{place}.milestone: {tranche.milestone!r} is no milestone of this call"
        if GateName.MILESTONES_ACCEPTED in tranche.gates and tranche.milestone is None:
            yield f"{place}.milestone: the gate milestones_accepted needs one"
        yield from (f"{place}.gates: {gate!r} stands twice" for gate in _twice(map(str, tranche.gates)))


def _numbers(design: CallDesign) -> Faults:
    coaching = design.coaching
    if not 0 <= coaching.minimum_confirmed_minutes <= coaching.allowance_minutes:
        yield "coaching.minimum_confirmed_minutes: from 0 to the allowance"
    if coaching.silence_days < 1:
        yield "coaching.silence_days: one at least"
    for name in ("payment_days", "evaluators_per_application"):
        if getattr(design, name) < 1:
            yield f"{name}: one at least"


def _questions(design: CallDesign) -> Faults:
    for number, section in enumerate(design.questionnaire.sections):
        for index, question in enumerate(section.questions):
            place = f"questionnaire.sections.{number}.questions.{index}"
            yield from (f"{place}{fault}" for fault in _question(question))
    asked = [question for section in design.questionnaire.sections for question in section.questions]
    for tag, kind in TAGS.items():
        found = [question for question in asked if question.tag == tag]
        if len(found) != 1 or found[0].type is not kind or not found[0].required:
            yield f"questionnaire: exactly one required question of type {kind} has the tag {tag}"


def _question(question: Question) -> Faults:
    is_choice = question.type is QuestionType.CHOICE
    if is_choice and len(question.options) < 2:
        yield ".options: a choice needs two at least"
    if question.options and not is_choice:
        yield ".options: only a choice has them"
    yield from (f".options: key {key!r} stands twice" for key in _twice(each.key for each in question.options))
    if question.max_chars is not None and question.max_chars < 1:
        yield ".max_chars: one at least"


CHECKS: tuple[Callable[[CallDesign], Faults], ...] = (
    _names, _texts, _keys, _needed, _money, _applicants, _phases, _documents, _criteria, _tie_breaks, _plan, _numbers,
    _questions,
)  # fmt: skip
