"""Reading what projects told after their end."""

from portal.coaching.followup.queries.link import LinkPage, link_page
from portal.coaching.followup.queries.office import OfficePage, follow_up_asks, office_page

__all__ = ["LinkPage", "OfficePage", "follow_up_asks", "link_page", "office_page"]
