"""Words for sources of income, links and questions after the end."""

from portal.coaching.followup.rules import IncomeSource, LinkState, Told
from portal.core.i18n import lazy_

SOURCES = {
    IncomeSource.SALES: lazy_("Sales of goods and services"),
    IncomeSource.PUBLIC_CONTRACTS: lazy_("Contracts with public bodies"),
    IncomeSource.GRANTS: lazy_("Grants and calls"),
    IncomeSource.DONATIONS: lazy_("Donations and crowdfunding"),
    IncomeSource.MEMBERS: lazy_("Fees of members"),
    IncomeSource.OTHER: lazy_("Other income"),
}
GONE = {
    LinkState.ANSWERED: lazy_("These questions were answered: thank you. Nothing else is needed."),
    LinkState.VOID: lazy_("A newer link was sent: look for the latest message, and use that one."),
    LinkState.EXPIRED: lazy_("The days of this link are over. The office of the call can send a new one."),
}
TOLD = {
    Told.NOT_YET: lazy_("not asked yet"),
    Told.SENT: lazy_("asked, no answer yet"),
    Told.EXPIRED: lazy_("no answer: the link is over"),
    Told.ANSWERED: lazy_("answered"),
}
TONES = {Told.NOT_YET: "neutral", Told.SENT: "progress", Told.EXPIRED: "warning", Told.ANSWERED: "success"}
