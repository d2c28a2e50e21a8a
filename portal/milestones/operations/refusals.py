"""What milestones refuse, in words."""

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation


class GrantNotActive(Conflict):
    """Reports belong to a grant under way."""

    default = lazy_("Reports begin once the agreement is in force.")


class ReportedAlready(Conflict):
    """A milestone changes before its report."""

    default = lazy_("This milestone has a report already: its title and day stay as they are.")


class OtherVersion(Conflict):
    """A newer report came after the page was shown."""

    default = lazy_("A newer report was sent in the meantime. Reload the page and read that one.")


violation("decided report", OtherVersion)
