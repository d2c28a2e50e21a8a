"""Who scores what: evenly, by topic, and the same whenever it is worked out again."""

from portal.evaluation.distribution.document import fingerprint, outcome_of, plan_from, read, written
from portal.evaluation.distribution.planning import distribute
from portal.evaluation.distribution.reasons import Lacking, lacking, loads_after
from portal.evaluation.distribution.status import DistributionStatus
from portal.evaluation.distribution.terms import Desk, Pair, Plan, Wish

__all__ = [
    "Desk",
    "DistributionStatus",
    "Lacking",
    "Pair",
    "Plan",
    "Wish",
    "distribute",
    "fingerprint",
    "lacking",
    "loads_after",
    "outcome_of",
    "plan_from",
    "read",
    "written",
]
