"""Background work as rows of PostgreSQL; Redis only wakes a worker."""

from common.jobs.enqueue import enqueue
from common.jobs.handlers import Handler, handler, handlers, periodic, register_kinds
from common.jobs.models import Job, JobState
from common.jobs.revive import revive
from common.jobs.run import Run, on_death

__all__ = [
    "Handler",
    "Job",
    "JobState",
    "Run",
    "enqueue",
    "handler",
    "handlers",
    "on_death",
    "periodic",
    "register_kinds",
    "revive",
]
