"""When a request had arrived whole: the instant against which terms are kept (P1)."""

import re
from datetime import UTC, datetime, timedelta

from flask import current_app, request

from portal.core.clock import now

HEADER = "X-Request-Start"
TOLD = re.compile(r"t=(\d{10}\.\d{3})")
"""What nginx writes of `$msec`: seconds since 1970 with their thousandths."""
LONGEST_WAIT = timedelta(seconds=120)
"""So long at most between arriving and being accepted."""


def arrived_at() -> datetime:
    """Read the body of this request; when it was here whole, before any lock was waited for.

    A proxy that keeps a request until it has it whole says when that was: behind declared proxies it is believed,
    within the two minutes before now, so that nobody is late for having waited until a thread was free.
    """
    request.get_data(parse_form_data=True)
    here = now()
    if not current_app.extensions["settings"].proxy_hops:
        return here
    return believed(request.headers.get(HEADER, ""), here)


def believed(told: str, here: datetime) -> datetime:
    """The instant that a proxy told, if it is one and can be right; else the instant at which it was read."""
    found = TOLD.fullmatch(told)
    if found is None or not told.isascii():
        return here
    seconds, thousandths = found[1].split(".")
    instant = datetime.fromtimestamp(int(seconds), UTC) + timedelta(milliseconds=int(thousandths))
    return instant if here - LONGEST_WAIT <= instant <= here else here
