"""The pages of the library: for the office that keeps it, and for groups that read its drafts of statutes."""

from portal.grants.library.views.bp import bp
from portal.grants.library.views.statutes import statute, statutes
from portal.grants.library.views.texts import index, show

__all__ = ["bp", "index", "show", "statute", "statutes"]
