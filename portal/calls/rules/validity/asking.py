"""What is asked beside the form: documents, rules of eligibility, the reason of marginality (R8)."""

from collections.abc import Sequence

from portal.calls.rules.design import CallDesign, DocumentRequest
from portal.calls.rules.design.call import REQUIREMENTS, REQUIREMENTS_TITLE
from portal.calls.rules.validity.asked import ASKS_MARGINALITY
from portal.calls.rules.validity.fault import Fault, Faults, choose, one_of, views
from portal.calls.rules.validity.uses import condition_faults
from portal.core.i18n import lazy_
from portal.questionnaires.rules.design import FILE_KINDS, LARGEST_MB, Question, Section
from portal.questionnaires.rules.faults import form_faults

QUESTIONS = ".sections.0.questions."


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


def eligibility(design: CallDesign) -> Faults:
    """The conditions of the rules look at what exists; their questions can be asked, under keys of their own."""
    for index, rule in enumerate(design.eligibility):
        yield from condition_faults(f"eligibility.{index}.when", rule.when, design)
    asking = [(index, rule.question) for index, rule in enumerate(design.eligibility) if rule.question is not None]
    if asking:
        yield from _requirements(design, asking)


def _requirements(design: CallDesign, asking: Sequence[tuple[int, Question]]) -> Faults:
    """They are asked in front of each form, in a section that the portal makes."""
    taken: set[str] = set()
    for seen in views(design):
        for number, section in enumerate(seen.design.questionnaire.sections):
            taken |= {question.key for question in section.questions}
            if section.key == REQUIREMENTS:
                yield Fault(f"{seen.at('questionnaire')}.sections.{number}.key",
                            lazy_("Under this key the portal asks the questions of eligibility."),
                            lazy_("Choose another key."))  # fmt: skip
    areas = [area.key for area in design.areas]
    alone = [Section(REQUIREMENTS, dict(REQUIREMENTS_TITLE), [question for _index, question in asking])]
    for each in form_faults(alone, place="", areas=areas):
        yield Fault(_of_a_rule(each.place, asking), each.words, each.mend)
    for index, question in asking:
        if question.key in taken:
            yield Fault(f"eligibility.{index}.question.key", lazy_("“%(value)s” stands twice.", value=question.key),
                        lazy_("Give each its own."))  # fmt: skip


def _of_a_rule(place: str, asking: Sequence[tuple[int, Question]]) -> str:
    """The place in the file of what stands at `.sections.0.questions.<n>…` of the section that is made."""
    number, _dot, rest = place.removeprefix(QUESTIONS).partition(".")
    if not place.startswith(QUESTIONS) or not number.isdigit():
        return "eligibility"
    return f"eligibility.{asking[int(number)][0]}.question.{rest}".rstrip(".")


def marginality(design: CallDesign) -> Faults:
    """Where the action asks for it, the call names the types and says why."""
    if design.marginality is not None and not design.marginality.types:
        yield Fault("marginality.types", lazy_("The list is empty."), lazy_("Write one at least."))
    if design.action.startswith(ASKS_MARGINALITY) and design.marginality is None:
        yield Fault("marginality", lazy_("This action starts from a type of marginality (R8)."),
                    lazy_("Write the types that the call addresses, and why these."))  # fmt: skip
