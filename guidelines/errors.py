"""What the services of this app refuse."""

from common.errors import Refused


class NotPublishable(Refused):
    """The edition lacks something, or its days do not fit."""


class IllegalTransition(Refused):
    """The edition is in another state than this step needs."""

    def __init__(self, now: str, wanted: str) -> None:
        self.now, self.wanted = now, wanted
        super().__init__(f"{now} → {wanted}")


class ContentBroken(Exception):
    """A content file cannot be read; the message names the file and the place."""
