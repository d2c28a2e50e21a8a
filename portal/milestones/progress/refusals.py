"""What the course of a milestone refuses, in words."""

from portal.core.errors import Conflict
from portal.core.i18n import lazy_


class NothingToExpect(Conflict):
    """A day is expected of what is still to be reported."""

    default = lazy_("This milestone was reported already: there is no day to expect.")
