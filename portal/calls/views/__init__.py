"""The pages of calls: those of the public, those of the office."""

from portal.calls.views import office
from portal.calls.views.public import bp

__all__ = ["bp", "office"]
