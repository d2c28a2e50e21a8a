"""Nobody signs on checks that hold no longer."""

from datetime import date

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.grants.models import Grant


class ChecksExpired(Conflict):
    """A check has expired since the list was closed."""

    default = lazy_("A check has expired since the list was closed: the office renews it before anybody signs.")


def require_checks(grant: Grant, day: date) -> None:
    """Return where the checks hold on the day somebody signs; ChecksExpired otherwise."""
    if not grant.holds_checks_on(day):
        raise ChecksExpired
