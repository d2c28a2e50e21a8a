"""A due step: what somebody has to do next, one click from its form."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DueStep:
    """One line of the desk. `what`, `why` and `button` are in the person's language already.

    `by` is the instant by which it is due (None: no term), `place` the object it belongs to.
    `acts`: the button does it at once (a form); `more` then leads to where it stands.
    """

    what: str
    button: str
    path: str
    by: datetime | None = None
    why: str | None = None
    place: str | None = None
    acts: bool = False
    more: str | None = None
