"""Judging a draft as a whole: everything that keeps it from being sent, at once. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from portal.access.rules.consortia import FEWEST_ORGANISATIONS
from portal.applications.rules import AREA, COST, DOCUMENTS, REQUESTED, TITLE, Amounts, Fault, amount_faults
from portal.calls.areas import grounds_of
from portal.calls.rules import ApplicantRule, CallDesign, DocumentRequest
from portal.core.i18n import lazy_
from portal.questionnaires.rules import Facts, FilledForm, Form, Ground, Stored, check_filled, check_question

LONGEST_TITLE = 300
PROFILE = {
    "representative_name": lazy_("Write the legal representative in the profile of the organisation."),
    "address": lazy_("Write the street of the seat in the profile of the organisation."),
    "city": lazy_("Write the city of the seat in the profile of the organisation."),
}
"""What an applicant that is a legal entity must have in its profile: it is frozen with the application."""


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

    @cached_property
    def grounds(self) -> list[Ground]:
        """The target areas on the ground."""
        return grounds_of(self.design.areas)

    @cached_property
    def filled(self) -> FilledForm:
        """The form with its answers: what is hidden or computed, worked out once."""
        return FilledForm(self.form, self.values, self.facts)

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
    """Everything at once: answers, amounts, area, documents, and whether the applicant may take part."""
    return Assessment([*_answers(draft), *_budget(draft), *_area(draft), *_documents(draft), *_applicant(draft)])


def _answers(draft: Draft) -> list[Fault]:
    sections = draft.form.section_of
    return [
        Fault(sections[key].key, key, message) for key, message in check_filled(draft.filled, draft.grounds).items()
    ]


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
    if draft.organisations < FEWEST_ORGANISATIONS:
        alone = lazy_("A consortium applies with its lead and one partner at least: a partner has to agree first.")
        return [Fault("", "", alone)]
    return [Fault("", name, PROFILE[name]) for name in draft.unwritten]


def _place(form: Form, tag: str) -> tuple[str, str] | None:
    """The section and the question where a tag stands first."""
    for question, _column in form.by_tag.get(tag, ()):
        return form.section_of[question.key].key, question.key
    return None
