"""What is sealed: until its instant, its team alone acts on it, whatever somebody's role."""

from datetime import datetime

from portal.core.errors import Closed
from portal.core.i18n import lazy_
from portal.core.instants import Instant


class Sealed(Closed):
    """Somebody of the office asked for what is sealed; `until` is the last instant at which it is."""

    title = lazy_("Sealed until the term")

    def __init__(self, until: datetime) -> None:
        super().__init__(
            lazy_(
                "This call is sealed: nobody of the office opens what was sent before its term is over. It opens on"
                " %(instant)s, later if the term is extended.",
                instant=Instant(until),
            )
        )
        self.until = until
