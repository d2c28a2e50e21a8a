"""The questions that every form must ask: lists, rankings and sums are made of their answers."""

from dataclasses import dataclass

from portal.calls.rules.design import CallDesign
from portal.calls.rules.validity.fault import Fault, Faults, Seen, views
from portal.core.i18n import lazy_
from portal.questionnaires.rules import Form, QuestionType
from portal.questionnaires.rules.design import Question

TITLE, REQUESTED, COST, MARGINALITY = "application.title", "budget.requested", "budget.cost", "marginality.reason"
ASKS_MARGINALITY = ("3.1.1", "3.2.1", "3.2.2")
"""Actions whose projects start from a type of marginality, with its reason (R8)."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a form must ask: its type, what is said where nobody asks it, and whether one question alone may ask it."""

    type: QuestionType
    missing: object
    is_single: bool = True


MEANINGS = {
    TITLE: Meaning(QuestionType.TEXT, lazy_("The form does not ask for the title of the project.")),
    REQUESTED: Meaning(QuestionType.MONEY, lazy_("The form does not ask how much is requested.")),
    COST: Meaning(QuestionType.MONEY, lazy_("The form does not ask what the project costs."), is_single=False),
    MARGINALITY: Meaning(
        QuestionType.LONG_TEXT,
        lazy_("The form does not ask which type of marginality the project addresses, and why (R8)."),
        is_single=False,
    ),
}
KINDS = {
    QuestionType.TEXT: lazy_("a line of text"),
    QuestionType.MONEY: lazy_("an amount of money"),
    QuestionType.LONG_TEXT: lazy_("a text of several lines"),
}


def asked(design: CallDesign) -> Faults:
    """Each form asks for the title; the last phase for the amount and the costs; the call, where it must, for R8.

    Without costs nobody could show a share of their own, and nothing could be sent.
    """
    every = views(design)
    last = every[-1] if design.phases and design.phases[-1].selection else every[0]
    for seen in every:
        for tag in (TITLE, REQUESTED, COST) if seen is last else (TITLE,):
            yield from _asked(seen, tag)
    if design.action.startswith(ASKS_MARGINALITY):
        yield from _reason(every[0])


def _asked(seen: Seen, tag: str) -> Faults:
    found = Form(seen.design.questionnaire.sections).by_tag.get(tag, [])
    if not found:
        yield _lacking(seen, tag)
    elif MEANINGS[tag].is_single:
        yield from _single(seen, tag)


def _reason(seen: Seen) -> Faults:
    tagged = [(place, question) for place, question in _questions(seen) if question.tag == MARGINALITY]
    if not tagged:
        yield _lacking(seen, MARGINALITY)
    elif not any(question.required for _place, question in tagged):
        yield _optional(tagged[0][0])


def _single(seen: Seen, tag: str) -> Faults:
    """One question alone, of its type, required."""
    tagged = [(place, question) for place, question in _questions(seen) if question.tag == tag]
    if not tagged:
        yield _lacking(seen, tag)
        return
    for place, _question in tagged[1:]:
        yield Fault(f"{place}.tag", lazy_("Another question has this meaning for the portal already."),
                    lazy_("Leave it to one of the two."))  # fmt: skip
    place, question = tagged[0]
    kind = MEANINGS[tag].type
    if question.type is not kind:
        yield Fault(f"{place}.type", lazy_("Lists and rankings read this answer in another form."),
                    lazy_("Make it %(kind)s.", kind=KINDS[kind]))  # fmt: skip
    if not question.required:
        yield _optional(place)


def _lacking(seen: Seen, tag: str) -> Fault:
    meaning = MEANINGS[tag]
    mend = lazy_("Add a required question with the tag %(tag)s: %(kind)s.", tag=tag, kind=KINDS[meaning.type])
    return Fault(seen.at("questionnaire"), meaning.missing, mend, lacks=tag)


def _optional(place: str) -> Fault:
    return Fault(f"{place}.required", lazy_("Whoever leaves this out could not be listed or ranked."),
                 lazy_("Make the question required."))  # fmt: skip


def _questions(seen: Seen) -> list[tuple[str, Question]]:
    """The questions of a form with their places."""
    return [
        (f"{seen.at('questionnaire')}.sections.{number}.questions.{index}", question)
        for number, section in enumerate(seen.design.questionnaire.sections)
        for index, question in enumerate(section.questions)
    ]
