"""Which function does which kind of job; kinds are declared by apps, handlers by their `tasks.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import TextChoices

from common.registry import Registry

if TYPE_CHECKING:
    from common.jobs.run import Run

Work = Callable[[str, "Run"], None]
QUEUES = ("default", "mail", "pdf")


@dataclass(frozen=True)
class Handler:
    """A kind's work, the queue whose workers do it, and the seconds before its further attempts."""

    work: Work
    queue: str
    waits: Sequence[int] = (5, 30)


@dataclass(frozen=True)
class Periodic:
    """A kind that falls due once in every slot of this length."""

    kind: str
    every: timedelta


handlers: Registry[Handler] = Registry("job handlers")
periodics: Registry[Periodic] = Registry("periodic jobs")
kinds: dict[str, str] = {}


def register_kinds(kinds_of_app: type[TextChoices]) -> None:
    """Add an app's job kinds, with their labels for staff."""
    kinds.update({kind.value: kind.label for kind in kinds_of_app})


def handler(
    kind: str, *, queue: str = "default", waits: Sequence[int] = (5, 30)
) -> Callable[[Work], Work]:
    """Register the function that does this kind of job. Raises ValueError for an unknown queue."""
    if queue not in QUEUES:
        raise ValueError(f"no queue {queue!r}")

    def mark(work: Work) -> Work:
        handlers.register(str(kind), Handler(work, queue, waits))
        return work

    return mark


def periodic(kind: str, *, every: timedelta) -> None:
    """Have this kind fall due once per slot; two schedulers at once make still one job a slot."""
    periodics.register(str(kind), Periodic(str(kind), every))
