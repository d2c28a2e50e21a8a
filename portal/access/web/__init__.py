"""Who asks, the action each route declares, the second factor it needs, and `may` for templates."""

from portal.access.web.gate import declares, init_access
from portal.access.web.who import SignedIn, SignIn, bearer, current_actor, enter, may, signed_in

__all__ = ["SignIn", "SignedIn", "bearer", "current_actor", "declares", "enter", "init_access", "may", "signed_in"]
