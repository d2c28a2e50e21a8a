"""The pages of grants."""

from portal.grants.changes.views import changes, end
from portal.grants.views.answering import accept
from portal.grants.views.bp import bp
from portal.grants.views.call import award_everything, index
from portal.grants.views.early import entity
from portal.grants.views.grant import show
from portal.grants.views.publishing import publication, publish
from portal.grants.views.stepping import step, step_file, take_step

__all__ = [
    "accept",
    "award_everything",
    "bp",
    "changes",
    "end",
    "entity",
    "index",
    "publication",
    "publish",
    "show",
    "step",
    "step_file",
    "take_step",
]
