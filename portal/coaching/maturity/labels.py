"""Words for moments, sides, stages, what a stage waits for, and warnings."""

from portal.calls.rules.design import MaturityMoment
from portal.coaching.maturity.rules import Side
from portal.coaching.maturity.signals import WarningKind
from portal.coaching.maturity.stages import Lack, Stage
from portal.core.i18n import lazy_

MOMENTS = {
    MaturityMoment.ENTRY: lazy_("At the start"),
    MaturityMoment.MIDDLE: lazy_("Half way"),
    MaturityMoment.END: lazy_("At the end"),
    MaturityMoment.AFTER: lazy_("A year after the end"),
}
SIDES = {Side.TEAM: lazy_("The team"), Side.COACH: lazy_("The coach")}
STAGES = {
    Stage.NETWORK: lazy_("network"),
    Stage.CONSTITUTED: lazy_("constituted"),
    Stage.OPERATING: lazy_("operating"),
    Stage.SUSTAINING: lazy_("sustaining"),
}
TONES = {
    Stage.NETWORK: "neutral",
    Stage.CONSTITUTED: "info",
    Stage.OPERATING: "progress",
    Stage.SUSTAINING: "success",
}
WHY = {
    Stage.NETWORK: lazy_("People who work together: no legal entity is recorded yet."),
    Stage.CONSTITUTED: lazy_("A legal entity is recorded."),
    Stage.OPERATING: lazy_("The agreement is in force, and the coach finds the organisation at work on every side."),
    Stage.SUSTAINING: lazy_("Months after its grant it is alive, with income of its own."),
}
LACKS = {
    Lack.ENTITY: lazy_("the group becomes a legal entity"),
    Lack.AGREEMENT: lazy_("the agreement comes into force"),
    Lack.RATING: lazy_("the coach gives a first rating"),
    Lack.LEVELS: lazy_("every dimension reaches the level that the call asks for"),
    Lack.NOT_ASKED: lazy_("this call asks nothing after the end, so this stage cannot be shown"),
    Lack.FOLLOW_UP: lazy_("the project tells how it is after the end"),
    Lack.ALIVE: lazy_("the project lives on after the end; it told that it does not"),
    Lack.INCOME: lazy_("the income told after the end reaches the amount that the call asks for"),
}
WARNINGS = {
    WarningKind.SILENT: lazy_("No session for a long time"),
    WarningKind.DROP: lazy_("A level was lost"),
    WarningKind.GAP: lazy_("Team and coach lie far apart"),
    WarningKind.OVERDUE: lazy_("A milestone is overdue"),
}
