"""The pages of evaluation: the evaluator's, the office's, the public ranking, the applicant's outcome."""

from portal.evaluation.views import commission, ranking, scoring
from portal.evaluation.views.blueprint import bp

__all__ = ["bp", "commission", "ranking", "scoring"]
