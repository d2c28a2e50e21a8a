"""What stands on the questions of a form: formulas and comparisons on tags, conditions on keys and facts."""

from portal.calls.rules.design import CallDesign
from portal.calls.rules.validity.fault import Fault, Faults
from portal.questionnaires.rules import faults
from portal.questionnaires.rules.design import Condition, Form, Question


def form_of(design: CallDesign) -> Form:
    """The form, with the questions that exist for eligibility only."""
    return Form(design.sections)


def questions_of(design: CallDesign) -> dict[str, Question]:
    """Every question of the form, and those that exist for eligibility only, by key."""
    return form_of(design).by_key


def numbers_of(design: CallDesign) -> set[str]:
    """The tags that formulas may count with."""
    return {tag for tag, counts in faults.numbers_of(form_of(design)).items() if counts}


def condition_faults(place: str, condition: Condition, design: CallDesign) -> Faults:
    """What a condition of a criterion or of eligibility names and the call does not have, or says badly."""
    areas = [area.key for area in design.areas]
    for each in faults.condition_faults(place, condition, questions_of(design), areas):
        yield Fault(each.place, each.words, each.mend)


def formula_faults(place: str, text: str, design: CallDesign) -> Faults:
    """What a formula of a criterion counts with and nobody asks, or says badly."""
    for each in faults.formula_faults(place, text, faults.numbers_of(form_of(design))):
        yield Fault(each.place, each.words, each.mend)
