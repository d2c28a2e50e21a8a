"""Events of the control of costs in words."""

from portal.core.i18n import lazy_

CONTROL = {
    "control.sample": lazy_("Lines of a cost report drawn for its control"),
    "control.widen": lazy_("More lines of a cost report drawn for its control"),
    "control.outcome": lazy_("Outcome of a cost recorded"),
    "control.answer": lazy_("Checklist of the control answered"),
    "control.ask": lazy_("Recipient asked to explain costs"),
    "control.reply": lazy_("Questions on costs answered"),
    "control.unanswered": lazy_("Control gone on without an answer"),
    "control.propose": lazy_("Result of the control proposed"),
    "control.approve": lazy_("Result of the control approved"),
    "control.return": lazy_("Cost report sent back"),
    "control.letter": lazy_("Letter with the result of the control"),
}
