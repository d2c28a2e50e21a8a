"""The pages of grants."""

from portal.grants.views.bp import bp
from portal.grants.views.call import award_everything, index
from portal.grants.views.early import entity
from portal.grants.views.grant import show

__all__ = ["award_everything", "bp", "entity", "index", "show"]
