"""One's own account: registering, forgotten passwords, name, address, password, closing."""

from portal.access.views.accounts import address, forgotten, own, registering
from portal.access.views.accounts.blueprint import bp

__all__ = ["address", "bp", "forgotten", "own", "registering"]
