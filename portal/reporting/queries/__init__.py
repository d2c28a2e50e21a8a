"""Reading what is public, and the numbers of a call for its office."""

from portal.reporting.queries.funded import FundedFilter, Places, funded_project, funded_projects, places_of_projects
from portal.reporting.queries.totals import application_figures, home_totals, published_rankings

__all__ = [
    "FundedFilter",
    "Places",
    "application_figures",
    "funded_project",
    "funded_projects",
    "home_totals",
    "places_of_projects",
    "published_rankings",
]
