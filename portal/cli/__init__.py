"""The `portal` command: thin as a view. Errors go to stderr in one line with the mend; 0 done, 1 refused, 2 usage."""

from portal.cli.main import main

__all__ = ["main"]
