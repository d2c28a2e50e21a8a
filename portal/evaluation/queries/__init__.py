"""Reading: an evaluator's list, the commission, rankings, outcomes. What a conflict hides is in no answer."""

from portal.evaluation.queries.due import due_steps

__all__ = ["due_steps"]
