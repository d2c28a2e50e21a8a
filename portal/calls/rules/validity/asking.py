"""What is asked: documents, the form, the tags that the portal reads, eligibility, marginality (R8)."""

from portal.calls.rules.design import CallDesign, DocumentRequest
from portal.calls.rules.validity.fault import Fault, Faults, choose, one_of, views
from portal.calls.rules.validity.uses import condition_faults
from portal.core.i18n import lazy_
from portal.questionnaires.rules import Form, QuestionType
from portal.questionnaires.rules.design import FILE_KINDS, LARGEST_MB, Question

TAGS = {"application.title": QuestionType.TEXT, "budget.requested": QuestionType.MONEY}
"""What every questionnaire must ask, once: lists and rankings are made of it."""
TITLE, COST = "application.title", "budget.cost"
MARGINALITY = "marginality.reason"
ASKS_MARGINALITY = ("3.1.1", "3.2.1", "3.2.2")
"""Actions whose projects start from a type of marginality, with its reason (R8)."""


def documents(design: CallDesign) -> Faults:
    """Files asked, by the call and by each phase."""
    kinds = {rule.kind for rule in design.applicants}
    for seen in views(design):
        for index, document in enumerate(seen.design.documents_requested):
            yield from _document(f"{seen.at('documents_requested')}.{index}", document, kinds)


def _document(place: str, document: DocumentRequest, kinds: set[str]) -> Faults:
    for index, kind in enumerate(document.required_for):
        yield from one_of(f"{place}.required_for.{index}", kind, kinds, lazy_("a kind of applicant of this call"))
    unknown = ", ".join(sorted(set(document.accept) - FILE_KINDS))
    if unknown or not document.accept:
        yield Fault(f"{place}.accept", lazy_("“%(kinds)s” cannot be taken.", kinds=unknown), choose(sorted(FILE_KINDS)))
    if not 1 <= document.max_mb <= LARGEST_MB:
        yield Fault(f"{place}.max_mb", lazy_("%(value)s is out of bounds.", value=document.max_mb),
                    lazy_("Write megabytes, from 1 to 20."))  # fmt: skip


def tags(design: CallDesign) -> Faults:
    """Each form has the answers that lists and rankings are made of; the last phase asks for the amount and the costs.

    Without costs nobody could show a share of their own, and nothing could be sent.
    """
    every = views(design)
    last = every[-1] if design.phases and design.phases[-1].selection else every[0]
    for seen in every:
        asked = [question for section in seen.design.questionnaire.sections for question in section.questions]
        for tag, kind in TAGS.items():
            if tag == TITLE or seen is last:
                yield from _tag(seen.at("questionnaire"), asked, tag, kind)
        if seen is last and COST not in Form(seen.design.questionnaire.sections).by_tag:
            yield Fault(
                seen.at("questionnaire"),
                lazy_("No amount has the tag %(tag)s.", tag=COST),
                lazy_("Ask for the costs, as amounts or in a table, and give the tag to each amount that counts."),
            )


def _tag(place: str, asked: list[Question], tag: str, kind: QuestionType) -> Faults:
    found = [question for question in asked if question.tag == tag]
    if len(found) != 1 or found[0].type is not kind or not found[0].required:
        yield Fault(
            place,
            lazy_("Not exactly one required question of type %(kind)s has the tag %(tag)s.", kind=kind.value, tag=tag),
            lazy_("Give the tag to one such question: lists and rankings are made of it."),
        )


def eligibility(design: CallDesign) -> Faults:
    """The conditions of the rules look at what exists; a question of a rule has a key of its own."""
    keys = {question.key for section in design.questionnaire.sections for question in section.questions}
    for index, rule in enumerate(design.eligibility):
        yield from condition_faults(f"eligibility.{index}.when", rule.when, design)
        if rule.question is not None and rule.question.key in keys:
            yield Fault(f"eligibility.{index}.question.key",
                        lazy_("“%(value)s” stands twice.", value=rule.question.key),
                        lazy_("Give each its own."))  # fmt: skip


def marginality(design: CallDesign) -> Faults:
    """Where the action asks for it, the call names the types, says why, and asks applicants for their reason."""
    if design.marginality is not None and not design.marginality.types:
        yield Fault("marginality.types", lazy_("The list is empty."), lazy_("Write one at least."))
    if not design.action.startswith(ASKS_MARGINALITY):
        return
    if design.marginality is None:
        yield Fault("marginality", lazy_("This action starts from a type of marginality (R8)."),
                    lazy_("Write the types that the call addresses, and why these."))  # fmt: skip
    asked = [question for section in design.questionnaire.sections for question in section.questions]
    if not any(question.tag == MARGINALITY and question.required for question in asked):
        yield Fault("questionnaire", lazy_("No required question asks applicants for the type of marginality (R8)."),
                    lazy_("Add one with the tag %(tag)s.", tag=MARGINALITY))  # fmt: skip
