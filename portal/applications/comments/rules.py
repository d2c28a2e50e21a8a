"""How much a team says about its draft. Pure."""

LONGEST = 2_000
MOST = 500
"""Comments on one application."""
