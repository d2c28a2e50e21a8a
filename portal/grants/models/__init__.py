"""Grants, incorporations and agreements."""

from portal.grants.models.agreement import Agreement
from portal.grants.models.grant import Grant
from portal.grants.models.incorporation import Incorporation

__all__ = ["Agreement", "Grant", "Incorporation"]
