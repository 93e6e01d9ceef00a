"""What the services of this app refuse."""

from common.errors import Refused


class NotPublishable(Refused):
    """The edition lacks something, or another one begins on the same day."""


class ContentBroken(Exception):
    """A content file cannot be read; the message names the file and the place."""
