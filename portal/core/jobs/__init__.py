"""Background work: enqueued in the business transaction, its effect and its "done" committed together."""

from portal.core.jobs.models import Job
from portal.core.jobs.periodic import Rounds, periodic
from portal.core.jobs.queue import before_slow_work, ends_a_job, enqueue, handler
from portal.core.jobs.worker import run_one, work_until_stopped

__all__ = [
    "Job",
    "Rounds",
    "before_slow_work",
    "ends_a_job",
    "enqueue",
    "handler",
    "periodic",
    "run_one",
    "work_until_stopped",
]
