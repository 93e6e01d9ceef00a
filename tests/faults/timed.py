"""Somebody at a browser who notes what came of every request and how long it took."""

import time
import urllib.request
from dataclasses import dataclass, field

from tools.browser import Page, Person


@dataclass
class Answer:
    """One answer: which address, which status, after how many seconds."""

    url: str
    status: int
    seconds: float


@dataclass
class TimedPerson(Person):
    """A person whose answers are kept."""

    answers: list[Answer] = field(default_factory=list)

    def _ask(self, request: urllib.request.Request) -> Page:
        started = time.monotonic()
        page = super()._ask(request)
        self.answers.append(Answer(request.full_url, page.status, time.monotonic() - started))
        return page

    @classmethod
    def like(cls, person: Person) -> "TimedPerson":
        """The same session, with a clock."""
        return cls(person.base, person.email, person.password, person.seed, person.jar)
