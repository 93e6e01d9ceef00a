"""The two tasks that Celery knows: run any job by its id, and the scheduler's round."""

from celery import shared_task

from common.jobs.run import run
from common.jobs.tick import tick


@shared_task(name="common.run_job", acks_late=True, ignore_result=True)
def run_job(job_id: str) -> None:
    """Run the job of this id if it is free; a second delivery finds nothing to do."""
    run(job_id)


@shared_task(name="common.tick", ignore_result=True, expires=60)
def run_tick() -> None:
    """One scheduler's round."""
    tick()
