"""Errors of the kernel that services raise and views answer."""


class Conflict(Exception):
    """Somebody else saved first; `theirs` is what stands now, `mine` what was typed (answer: 409)."""

    def __init__(self, *, mine: str, theirs: str) -> None:
        self.mine, self.theirs = mine, theirs
        super().__init__("conflict")


class Refused(Exception):
    """A rule of the business forbids this now; `message` is translated and says what to do (409)."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__("refused")
