"""What happened to an account, in words."""

from portal.access.rules import ACCOUNT_RESTS_FOR, AccountNews
from portal.access.rules.consortia import ConsortiumNews
from portal.core.i18n import lazy_

WHAT = {
    AccountNews.PROPOSED: lazy_("a new account was proposed"),
    AccountNews.VERIFIED: lazy_("the new account was verified"),
    AccountNews.REJECTED: lazy_("the account was rejected"),
}
EFFECT = {
    AccountNews.PROPOSED: lazy_("No payment leaves for the organisation until a second person has verified it."),
    AccountNews.VERIFIED: lazy_("From now on payments go to this account."),
    AccountNews.REJECTED: lazy_("Nothing is paid to this account."),
}
RESTING = lazy_(
    "Payments go to this account from %(hours)s hours after its verification; until then nothing is paid.",
    hours=int(ACCOUNT_RESTS_FOR.total_seconds() // 3600),
)
"""The effect of a verification that replaces another account (P10)."""
FINANCE = lazy_("the finance office")

CONSORTIUM_NEWS = {
    ConsortiumNews.INVITED: lazy_("%(lead)s asks %(organisation)s to take part in %(name)s."),
    ConsortiumNews.WITHDRAWN: lazy_("%(organisation)s is no longer asked to take part in %(name)s."),
    ConsortiumNews.AGREED: lazy_("%(organisation)s takes part in %(name)s now."),
    ConsortiumNews.DECLINED: lazy_("%(organisation)s does not take part in %(name)s."),
    ConsortiumNews.LEFT: lazy_("%(organisation)s left %(name)s."),
    ConsortiumNews.LEAD_OFFERED: lazy_("%(lead)s offers %(organisation)s to lead %(name)s in its place."),
    ConsortiumNews.LEAD_REFUSED: lazy_("%(organisation)s does not take the lead of %(name)s: %(lead)s still leads."),
    ConsortiumNews.LEAD_CHANGED: lazy_("%(organisation)s leads %(name)s now: payments of its grants go to it."),
}
"""Sentences to be filled in with the names of the consortium, the organisation concerned and the lead."""
