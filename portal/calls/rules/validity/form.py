"""The questionnaires of a call, of its phases and of its reports, as the engine of questionnaires judges them."""

from portal.calls.rules.design import CallDesign
from portal.calls.rules.validity.fault import Fault, Faults, views
from portal.questionnaires.rules.faults import form_faults


def questionnaires(design: CallDesign) -> Faults:
    """Each form: what its engine finds wrong."""
    areas = [area.key for area in design.areas]
    for seen in views(design):
        sections = seen.design.questionnaire.sections
        for each in form_faults(sections, place=seen.at("questionnaire"), areas=areas):
            yield Fault(each.place, each.words, each.mend)
    for each in form_faults(design.reporting.sections, place="reporting.questionnaire", areas=areas):
        yield Fault(each.place, each.words, each.mend)
