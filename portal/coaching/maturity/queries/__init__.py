"""Reading maturity: the page of a team, the sheet of a side, where teams stand, what is due."""

from portal.coaching.maturity.queries.due import asks
from portal.coaching.maturity.queries.part import grant_part
from portal.coaching.maturity.queries.sheet import Sheet, assessment_to_rate, sheet_for
from portal.coaching.maturity.queries.standings import Grown, grown
from portal.coaching.maturity.queries.team import TeamPage, team_page

__all__ = [
    "Grown", "Sheet", "TeamPage", "asks", "assessment_to_rate", "grant_part", "grown", "sheet_for", "team_page",
]  # fmt: skip
