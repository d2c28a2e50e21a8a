"""Words for requests, proceedings and acts, and the tone in which each state is shown."""

from portal.core.i18n import lazy_
from portal.grants.changes.rules import AmendmentKind, AmendmentStatus, EndKind, Ground, ProceedingStatus, Side

KINDS = {
    AmendmentKind.BUDGET_SHIFT: lazy_("Move money within the budget"),
    AmendmentKind.EXTENSION: lazy_("A later end"),
    AmendmentKind.PARTNER: lazy_("Another partner"),
    AmendmentKind.MILESTONE: lazy_("Another title or day of a milestone"),
}
ABOUT = {
    AmendmentKind.BUDGET_SHIFT: lazy_("From one category of costs to another: the total stays."),
    AmendmentKind.EXTENSION: lazy_("The project ends on a later day."),
    AmendmentKind.PARTNER: lazy_("A partner leaves, another one comes, or both."),
    AmendmentKind.MILESTONE: lazy_("Before it is reported, within the project."),
}
STATUS = {
    AmendmentStatus.REQUESTED: (lazy_("to be decided"), "progress"),
    AmendmentStatus.RETURNED: (lazy_("to be completed"), "warning"),
    AmendmentStatus.GRANTED: (lazy_("granted"), "success"),
    AmendmentStatus.REFUSED: (lazy_("refused"), "danger"),
    AmendmentStatus.WITHDRAWN: (lazy_("taken back"), "neutral"),
}
SIDES = {Side.TEAM: lazy_("the recipient"), Side.OFFICE: lazy_("the office")}
ENDS = {
    EndKind.RENUNCIATION: lazy_("Renunciation"),
    EndKind.FORFEITURE: lazy_("Forfeiture"),
    EndKind.REVOCATION: lazy_("Total revocation"),
    EndKind.PARTIAL_REVOCATION: lazy_("Partial revocation"),
}
GROUNDS = {
    Ground.ACCEPTANCE_MISSED: lazy_("the term to accept was missed"),
    Ground.INCORPORATION_MISSED: lazy_("the term to become a legal entity was missed"),
    Ground.REQUIREMENTS_LOST: lazy_("a requirement is missing"),
    Ground.FALSE_DECLARATIONS: lazy_("declarations that are not true (art. 75 D.P.R. 445/2000)"),
    Ground.NOT_CARRIED_OUT: lazy_("the project is not carried out"),
    Ground.RULES_BROKEN: lazy_("the agreement or the rules of the call were broken"),
    Ground.OTHER: lazy_("another reason"),
}
PROCEEDINGS = {
    ProceedingStatus.OPENED: (lazy_("open"), "warning"),
    ProceedingStatus.REPLIED: (lazy_("the recipient replied"), "progress"),
    ProceedingStatus.ACTED: (lazy_("closed by an act"), "neutral"),
    ProceedingStatus.DROPPED: (lazy_("closed without an act"), "neutral"),
}
EVENTS = {
    "grant.plan": lazy_("A further version of the plan is in force"),
    "amendment.ask": lazy_("A change of the plan was asked for"),
    "amendment.complete": lazy_("A request to change the plan was completed"),
    "amendment.withdraw": lazy_("A request to change the plan was taken back"),
    "amendment.return": lazy_("A request to change the plan came back to be completed"),
    "amendment.grant": lazy_("A change of the plan was granted"),
    "amendment.refuse": lazy_("A change of the plan was refused"),
    "grant.suspend": lazy_("Grant suspended"),
    "grant.resume": lazy_("Grant resumed"),
    "proceeding.open": lazy_("Proceedings opened on the grant"),
    "proceeding.renounce": lazy_("The recipient renounces"),
    "proceeding.reply": lazy_("The recipient replied to the proceedings"),
    "proceeding.drop": lazy_("Proceedings closed without an act"),
    "grant.end": lazy_("Act on the end of the grant"),
}
"""Events of the audit trail that the page of a grant tells as a story."""
