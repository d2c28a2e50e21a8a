"""Judging a draft as a whole: everything that keeps it from being sent, at once. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from portal.access.rules.consortia import FEWEST_ORGANISATIONS
from portal.applications.duties import Member, composition_fault, people_faults, people_in
from portal.applications.facts import members_counted
from portal.applications.given import TEAM, Given, given_of, team_in
from portal.applications.rules import AREA, COST, DOCUMENTS, REQUESTED, TITLE, Amounts, Fault, amount_faults
from portal.applications.spending import IN_KIND, OF_CATEGORY, SOURCE, cost_breaches, own_share_breaches
from portal.calls.areas import grounds_of
from portal.calls.rules import ApplicantRule, CallDesign, DocumentRequest
from portal.calls.rules.pricing import pricing_of
from portal.core.i18n import lazy_
from portal.questionnaires.rules import Facts, FilledForm, Form, Ground, Stored, check_filled, check_question

LONGEST_TITLE = 300
PROFILE = {
    "representative_name": lazy_("Write the legal representative in the profile of the organisation."),
    "address": lazy_("Write the street of the seat in the profile of the organisation."),
    "city": lazy_("Write the city of the seat in the profile of the organisation."),
}
"""What an applicant that is a legal entity must have in its profile: it is frozen with the application."""
PARTNERS = "partners"
"""The page on which a consortium is mended."""


@dataclass(frozen=True)
class Draft:
    """What is judged: the form, its answers, the files by document, the call's design and the applicant's rule."""

    form: Form
    values: Mapping[str, Stored]
    documents: frozenset[str]
    design: CallDesign
    rule: ApplicantRule | None
    kind: str
    organisations: int = FEWEST_ORGANISATIONS
    """Of a consortium: how many have agreed to it."""
    unwritten: tuple[str, ...] = ()
    """Facts of the profile that nobody has written yet, of those in PROFILE."""
    facts: Facts = field(default_factory=dict)
    """What is known of the applicant, for the conditions of the form."""
    day: date | None = None
    """The day of the term in force, for ages."""
    before: Sequence[Member] | None = None
    """The people of the application that was sent before, where they may not change."""
    asked: tuple[str, ...] = ()
    """The organisations that were asked into this consortium and have not said yes or no."""
    elsewhere: tuple[str, ...] = ()
    """The organisations of this consortium that stand in another one, where the call refuses that."""

    @cached_property
    def grounds(self) -> list[Ground]:
        """The target areas on the ground."""
        return grounds_of(self.design.areas)

    @cached_property
    def filled(self) -> FilledForm:
        """The form with its answers: what is hidden or computed, worked out once."""
        return FilledForm(self.form, self.values, self.facts, pricing_of(self.design.costs, self.form))

    @cached_property
    def given(self) -> list[Given]:
        """The answers that count, with their tags."""
        return given_of(self.filled)

    @property
    def amounts(self) -> Amounts:
        """Requested and total cost; what is not written yet counts nothing."""
        return Amounts(requested=self.filled.cents_of(REQUESTED), total=self.filled.cents_of(COST))

    @property
    def title(self) -> str:
        """The title, as the tagged answer says it."""
        found = self.filled.tagged(TITLE)
        return str(found[0])[:LONGEST_TITLE] if found else ""

    @property
    def area(self) -> str | None:
        """The key of the area, as the tagged answer says it."""
        found = self.filled.tagged(AREA)
        return str(found[0]) if found else None

    @property
    def requests(self) -> list[DocumentRequest]:
        """The documents this applicant is asked for, required ones first as in the design."""
        asked = self.design.documents_requested
        return [each for each in asked if self.kind in each.required_for or not each.required_for]

    def needs(self, request: DocumentRequest) -> bool:
        """Whether this applicant must attach it."""
        return self.kind in request.required_for


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is still to be mended, in the order of the pages."""

    faults: list[Fault] = field(default_factory=list)

    def of(self, section: str) -> list[Fault]:
        """The faults of one section."""
        return [fault for fault in self.faults if fault.section == section]

    @property
    def is_clear(self) -> bool:
        """Whether nothing keeps the application from being sent."""
        return not self.faults


def assess(draft: Draft) -> Assessment:
    """Everything at once: answers, people, amounts, area, documents, and whether the applicant may take part."""
    answers = _answers(draft)
    wrong = {fault.key for fault in answers}
    duties = [fault for fault in duty_faults(draft) if fault.key not in wrong]
    return Assessment([*answers, *duties, *_area(draft), *_documents(draft), *_applicant(draft)])


def duty_faults(draft: Draft) -> list[Fault]:
    """What the call asks of people and money beyond each answer by itself: told while one writes, refused when sent."""
    return [*_people(draft), *_budget(draft), *_spending(draft)]


def notes_of(draft: Draft) -> dict[str, object | None]:
    """The same beside each question where it may stand, whichever answer brings it, once that one was answered."""
    found = {fault.key: fault.message for fault in reversed(duty_faults(draft)) if fault.key in draft.values}
    return {key: found.get(key) for key in _watched(draft.form)}


def _watched(form: Form) -> list[str]:
    kept = [
        question.key
        for tag, places in form.by_tag.items()
        if tag in (TEAM, REQUESTED, IN_KIND, SOURCE) or tag.startswith(OF_CATEGORY)
        for question, _column in places
    ]
    return list(dict.fromkeys(kept))


def _answers(draft: Draft) -> list[Fault]:
    sections = draft.form.section_of
    return [
        Fault(sections[key].key, key, message) for key, message in check_filled(draft.filled, draft.grounds).items()
    ]


def _people(draft: Draft) -> list[Fault]:
    """How many they are, their ages on the day of the term, and whether they are those of before."""
    asked, people, rule = team_in(draft.given), people_in(draft.given), draft.rule
    place = asked.place if asked else ("", "")
    found: list[object] = []
    if rule is not None and draft.day is not None:
        found += people_faults(rule, people, draft.day, counted=members_counted(draft.facts))
    changed = composition_fault(draft.before, people)
    return [Fault(*place, message) for message in (*found, *([changed] if changed else []))]


def _spending(draft: Draft) -> list[Fault]:
    amounts = draft.amounts
    found = [
        *cost_breaches(draft.design, draft.given, amounts.total),
        *(own_share_breaches(draft.design.own_share, draft.given, amounts) if _is_budget_written(draft) else []),
    ]
    return [Fault(*breach.place, breach.message) for breach in found]


def _budget(draft: Draft) -> list[Fault]:
    place = _place(draft.form, REQUESTED)
    if draft.rule is None or place is None or not _is_budget_written(draft):
        return []
    return [Fault(*place, message) for message in amount_faults(draft.rule, draft.amounts)]


def _is_budget_written(draft: Draft) -> bool:
    """Missing or unreadable amounts are faults of their own: their sum says nothing yet."""
    asked = [question for tag in (REQUESTED, COST) for question, _column in draft.form.by_tag.get(tag, ())]
    filled = draft.filled
    return all(check_question(each, filled.stored(each)) is None for each in asked if filled.is_visible(each))


def _area(draft: Draft) -> list[Fault]:
    place, known = _place(draft.form, AREA), {area.key for area in draft.design.areas}
    if place is None or not known or draft.area is None or draft.area in known:
        return []
    return [Fault(*place, lazy_("This area is not one of the target areas of the call. Choose one of the list."))]


def _documents(draft: Draft) -> list[Fault]:
    return [
        Fault(DOCUMENTS, request.key, lazy_("Attach this document: it is required."))
        for request in draft.requests
        if draft.needs(request) and request.key not in draft.documents
    ]


def _applicant(draft: Draft) -> list[Fault]:
    if draft.rule is None:
        return [Fault("", "", lazy_("This call is not open to applicants of your kind and legal form."))]
    return [*_consortium(draft, draft.rule), *(Fault("", name, PROFILE[name]) for name in draft.unwritten)]


def _consortium(draft: Draft, rule: ApplicantRule) -> list[Fault]:
    found: list[object] = [has_not_agreed(name) for name in draft.asked]
    if draft.organisations < FEWEST_ORGANISATIONS and not found:
        found.append(
            lazy_("A consortium applies with its lead and one partner at least: a partner has to agree first.")
        )
    elif rule.minimum_organisations is not None and draft.organisations < rule.minimum_organisations:
        found.append(few_organisations(draft.organisations, rule.minimum_organisations))
    found += [lazy_("%(name)s stands in another consortium that has applied: this call takes each organisation once.",
                    name=name) for name in draft.elsewhere]  # fmt: skip
    return [Fault("", PARTNERS, message) for message in found]


def has_not_agreed(name: str) -> object:
    """An organisation of a consortium that was asked and has not answered."""
    return lazy_("%(name)s has not agreed yet to take part: whoever represents it signs in and agrees from its desk. Or"
                 " ask it no longer.", name=name)  # fmt: skip


def few_organisations(number: int, least: int) -> object:
    """A consortium with fewer organisations than its call asks for."""
    return lazy_("%(number)s organisations have agreed: this call asks for at least %(least)s.", number=number,
                 least=least)  # fmt: skip


def _place(form: Form, tag: str) -> tuple[str, str] | None:
    """The section and the question where a tag stands first."""
    for question, _column in form.by_tag.get(tag, ()):
        return form.section_of[question.key].key, question.key
    return None
