"""The pages of calls: those of the public, those of whoever is signed in, those of the office."""

from portal.calls.views import (
    acts,
    adding_budget,
    arranging,
    asking,
    designer,
    drafts,
    following,
    office,
    office_documents,
    office_questions,
    past,
    rectifying,
)
from portal.calls.views.public import bp

__all__ = [
    "acts", "adding_budget", "arranging", "asking", "bp", "designer", "drafts", "following", "office",
    "office_documents", "office_questions", "past", "rectifying",
]  # fmt: skip
