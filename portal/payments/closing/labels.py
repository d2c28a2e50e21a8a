"""What final accounts are called on pages, and what is said of each thing that is still open."""

from dataclasses import dataclass
from uuid import UUID

from portal.core.i18n import lazy_
from portal.payments.closing.rules import AccountStatus, Basis, Matter

STATUS = {
    AccountStatus.PREPARED: lazy_("waits for approval"),
    AccountStatus.APPROVED: lazy_("approved"),
    AccountStatus.WITHDRAWN: lazy_("taken back before approval"),
}
TONE = {
    AccountStatus.PREPARED: "progress",
    AccountStatus.APPROVED: "success",
    AccountStatus.WITHDRAWN: "neutral",
}
BASES = {
    Basis.COSTS: lazy_("approved costs"),
    Basis.RESULTS: lazy_("milestones that were accepted"),
}
OPEN = {
    Matter.NOT_BEGUN: lazy_("The grant is not under way."),
    Matter.SUSPENDED: lazy_("The grant is suspended."),
    Matter.PROCEEDING: lazy_("Proceedings are open."),
    Matter.AMENDMENT: lazy_("A request to change the plan waits for an answer."),
    Matter.IRREGULARITY: lazy_("An irregularity is open."),
    Matter.COST_REPORT: lazy_("A cost report was sent and is not decided."),
    Matter.MILESTONE: lazy_("A milestone was reported and is not decided."),
    Matter.PAYMENT: lazy_("A payment is under way."),
    Matter.CLAIM: lazy_("An act says that money is to be returned, and nobody asked for it."),
    Matter.RECOVERY: lazy_("Money that was asked back has not come."),
    Matter.LAST_TRANCHE: lazy_("What is left to pay waits for milestones that are not accepted."),
}
MEND = {
    Matter.NOT_BEGUN: lazy_("A final account is made while the grant is active."),
    Matter.SUSPENDED: lazy_("Resume it, or end it by an act."),
    Matter.PROCEEDING: lazy_("Close them by an act, or drop them."),
    Matter.AMENDMENT: lazy_("Grant it or refuse it; the recipient can take it back."),
    Matter.IRREGULARITY: lazy_("Close it with its outcome."),
    Matter.COST_REPORT: lazy_("Control it to the end, or send it back."),
    Matter.MILESTONE: lazy_("Accept the report, or send it back."),
    Matter.PAYMENT: lazy_("Bring it to the end, or send the tranche back."),
    Matter.CLAIM: lazy_("Ask the money back."),
    Matter.RECOVERY: lazy_("Record what came, or wait for it; a recovery that was wrong is taken back."),
    Matter.LAST_TRANCHE: lazy_("Accept their reports, or lower the grant by proceedings."),
}
PLACES = {
    Matter.SUSPENDED: "/grants/{grant}/changes",
    Matter.PROCEEDING: "/grants/{grant}/end",
    Matter.AMENDMENT: "/grants/{grant}/changes",
    Matter.COST_REPORT: "/grants/{grant}/costs",
    Matter.CLAIM: "/grants/{grant}/recoveries",
    Matter.RECOVERY: "/grants/{grant}/recoveries",
}
"""Where it is mended; the page of the grant where nothing else is said."""


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """One thing that is still open, what to do, and where."""

    what: str
    mend: str
    url: str


def matter_words(matter: Matter, grant_id: UUID) -> OpenMatter:
    """The words of one."""
    place = PLACES.get(matter, "/grants/{grant}")
    return OpenMatter(str(OPEN[matter]), str(MEND[matter]), place.format(grant=grant_id))
