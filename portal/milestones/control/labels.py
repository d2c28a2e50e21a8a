"""Words of the control."""

from portal.calls.rules import SampleMethod
from portal.core.i18n import lazy_
from portal.milestones.control.rules import Answer, Outcome

OUTCOMES = {
    Outcome.ACCEPTED: lazy_("accepted as charged"),
    Outcome.CUT: lazy_("accepted in part"),
    Outcome.REFUSED: lazy_("not accepted"),
}
TONES = {Outcome.ACCEPTED: "success", Outcome.CUT: "warning", Outcome.REFUSED: "danger"}
ANSWERS = {
    Answer.YES: lazy_("yes"),
    Answer.NO: lazy_("no"),
    Answer.NOT_DUE: lazy_("not due here"),
}
METHODS = {
    SampleMethod.ALL: lazy_("every line is looked at"),
    SampleMethod.RANDOM: lazy_("%(share)s%% of the lines, at least %(least)d, drawn by a recorded seed"),
    SampleMethod.LARGEST: lazy_("%(share)s%% of the lines, at least %(least)d: those of the largest amounts"),
    SampleMethod.ABOVE: lazy_("the lines above an amount"),
}
