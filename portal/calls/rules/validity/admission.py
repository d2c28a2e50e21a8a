"""How the office checks what was sent: terms within the law, and nothing of the project among what may be mended."""

from collections.abc import Iterator

from portal.calls.rules.design import CallDesign
from portal.calls.rules.validity.fault import Fault, Faults, twice, views
from portal.core.i18n import lazy_
from portal.questionnaires.rules.design import Question, QuestionType

MOST_DAYS = 30
"""Of a suspension of the procedure (art. 2, c. 7 L. 241/1990)."""
LEAST_OBJECTION = 10
"""Days (art. 10-bis L. 241/1990)."""
MENDED = frozenset(
    {
        QuestionType.TEXT, QuestionType.LONG_TEXT, QuestionType.NUMBER, QuestionType.YES_NO, QuestionType.CHOICE,
        QuestionType.DATE, QuestionType.DECLARATION, QuestionType.FISCAL_CODE, QuestionType.VAT_NUMBER,
        QuestionType.FILES,
    }
)  # fmt: skip
"""Types of answers that can be given anew, one at a time."""


def can_be_mended(question: Question) -> bool:
    """Whether an answer says nothing that is scored, ranked or paid: no tag, and a value of its own."""
    return question.type in MENDED and not question.tag and not question.is_computed


def admission(design: CallDesign) -> Faults:
    """The days, and the keys of what may be mended."""
    rules = design.admission
    if not 1 <= rules.integration_days <= MOST_DAYS:
        yield Fault("admission.integration_days", lazy_("%(value)s is out of bounds.", value=rules.integration_days),
                    lazy_("Write days, from 1 to 30: the law suspends a procedure for no longer."))  # fmt: skip
    if rules.objection_days and not LEAST_OBJECTION <= rules.objection_days <= MOST_DAYS:
        yield Fault("admission.objection_days", lazy_("%(value)s is out of bounds.", value=rules.objection_days),
                    lazy_("Write days, from 10 to 30, or 0 for no such step."))  # fmt: skip
    for key in twice(rules.mendable):
        yield Fault("admission.mendable", lazy_("“%(value)s” stands twice.", value=key), lazy_("Leave it once."))
    yield from _keys(design)


def _keys(design: CallDesign) -> Iterator[Fault]:
    asked = {each.key for seen in views(design) for each in seen.design.documents_requested}
    questions = {
        each.key: each for seen in views(design) for section in seen.design.sections for each in section.questions
    }
    for index, key in enumerate(design.admission.mendable):
        place = f"admission.mendable.{index}"
        if key not in asked | questions.keys():
            yield Fault(place, lazy_("“%(value)s” is no document and no question of this call.", value=key),
                        lazy_("Write the key of one that is asked."))  # fmt: skip
        elif key not in asked and not can_be_mended(questions[key]):
            yield Fault(place, lazy_("“%(value)s” is part of the project, or is made of several parts.", value=key),
                        lazy_("Take it away: a request for mending reaches papers and plain facts alone."))  # fmt: skip
