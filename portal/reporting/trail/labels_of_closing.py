"""Events of final accounts and of the end of grants in words."""

from portal.core.i18n import lazy_

CLOSING = {
    "closing.prepare": lazy_("Final account prepared"),
    "closing.withdraw": lazy_("Final account taken back"),
    "closing.approve": lazy_("Final account approved by a second person"),
    "closing.letter": lazy_("Letter with the final account registered"),
    "grant.begin_closing": lazy_("Final account approved: the grant is being closed"),
    "grant.close": lazy_("Grant closed: nothing is left to be paid or returned"),
    "grant.open_again": lazy_("Grant open again: money moved after it was closed"),
    "grant.recover": lazy_("Money is to be returned again"),
    "grant.all_returned": lazy_("All the money was returned"),
    "tranche.settled": lazy_("Tranche settled by the final account"),
}
THINGS = {"final_account": lazy_("Final account")}
