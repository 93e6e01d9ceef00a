"""Writing a job in the request's transaction, and waking a worker after the commit."""

from django.db import transaction

from common.jobs import poke
from common.jobs.handlers import handlers, kinds
from common.jobs.models import Job


def enqueue(kind: str, subject: object, *, key: str | None = None) -> Job:
    """Write the job's row; it becomes true with the caller's transaction.

    With `key`, a second call returns the first job. Raises ValueError for an undeclared kind.
    """
    name = str(kind)
    if name not in kinds:
        raise ValueError(f"job kind {name!r} is not declared")
    queue = handlers[name].queue if name in handlers else "default"
    values = {"kind": name, "subject": str(subject), "queue": queue}
    if key is None:
        job: Job = Job.objects.create(**values)
    else:
        job, _created = Job.objects.get_or_create(key=key, defaults=values)
    # No partial: Django's own report of a robust hook that failed asks for the function's name.
    transaction.on_commit(lambda: poke.wake(str(job.pk), queue), robust=True)
    return job
