"""The pages of evaluation: the evaluator's, the office's, the public ranking, the applicant's outcome."""

from portal.evaluation.views import (
    after,
    assigning,
    clarifying,
    commission,
    conflicts,
    declaring,
    disclosing,
    discussing,
    minutes,
    observing,
    progress,
    ranking,
    scoring,
    seats,
    simulation,
    sittings,
    withheld,
)
from portal.evaluation.views.blueprint import bp

__all__ = [
    "after",
    "assigning",
    "bp",
    "clarifying",
    "commission",
    "conflicts",
    "declaring",
    "disclosing",
    "discussing",
    "minutes",
    "observing",
    "progress",
    "ranking",
    "scoring",
    "seats",
    "simulation",
    "sittings",
    "withheld",
]
