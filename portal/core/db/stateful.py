"""Objects with a status: the only place where one is assigned."""

from datetime import datetime
from typing import Any

from portal.core.moves import Move


class Stateful:
    """Mixin for tables with `status` and `status_at`: both change only through a named move."""

    status: Any
    status_at: Any

    def make(self, move: Move[Any], *, at: datetime) -> None:
        """Make the move, or raise IllegalMove and change nothing."""
        self.status = move.apply(self.status)
        self.status_at = at
