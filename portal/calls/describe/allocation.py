"""Places, allocation and rankings, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import Allocation, Places, RankingDesign
from portal.core.i18n import lazy_

ROWS: Rows = {
    Places: {
        "count": Row(lazy_("Places"), lazy_("How many winners.")),
        "kind": Row(lazy_("Kind of applicant"), lazy_("The kind these places are for; nothing for all kinds.")),
        "line": Row(lazy_("Budget line"), lazy_("The line these places are for; nothing for all lines.")),
        "area": Row(lazy_("Area"), lazy_("The area these places are for; nothing for all areas.")),
    },
    Allocation: {
        "by": Row(lazy_("What runs out"), lazy_("The budget, the places, or whichever runs out first.")),
        "per": Row(lazy_("Counted over"), lazy_("The whole call, each budget line, or each area.")),
        "places": Row(lazy_("Places"), lazy_("How many winners, and for whom.")),
        "minimum_partial": Row(
            lazy_("Least partial grant (per cent)"), lazy_("Of the request: less than this is not offered.")
        ),
    },
    RankingDesign: {
        "key": KEY,
        "name": Row(lazy_("Name of the ranking"), lazy_("As it will be published.")),
        "kinds": Row(lazy_("Kinds of applicant"), lazy_("That stand in this ranking.")),
        "lines": Row(lazy_("Budget lines"), lazy_("That this ranking hands out.")),
    },
}
