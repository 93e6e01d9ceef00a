"""Errors of the kernel that services raise and views answer."""

from typing import Any


class Conflict(Exception):
    """Somebody else saved first: `theirs` stands now, `mine` was typed (answer: 409)."""

    def __init__(self, *, mine: str, theirs: str) -> None:
        self.mine, self.theirs = mine, theirs
        super().__init__("conflict")


class Refused(Exception):
    """A rule of the business forbids this now; `message` says what to do (409)."""

    def __init__(self, message: Any) -> None:
        self.message = str(message)
        super().__init__("refused")
