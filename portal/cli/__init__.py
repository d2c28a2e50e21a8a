"""The `portal` command: thin as a view. Errors go to stderr in one line with the mend; 0 done, 1 refused, 2 usage."""

import gc

gc.disable()  # while the rooms are read nothing becomes garbage: looking for it took a quarter of every start

from portal.cli.main import main  # noqa: E402
from portal.core.collector import settle  # noqa: E402

settle()

__all__ = ["main"]
