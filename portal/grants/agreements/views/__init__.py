"""The pages of agreements: of a grant, and of a call before any grant."""

from portal.grants.agreements.views.bp import bp
from portal.grants.agreements.views.call import of_call
from portal.grants.agreements.views.grant import prepare, preview, show
from portal.grants.agreements.views.office import countersign, give_back, send_countersigned
from portal.grants.agreements.views.recipient import accept, sign

__all__ = [
    "accept",
    "bp",
    "countersign",
    "give_back",
    "of_call",
    "prepare",
    "preview",
    "send_countersigned",
    "show",
    "sign",
]
