"""What the services of this app refuse."""

from common.errors import Refused


class NotReleasable(Refused):
    """The case is in another state than this step needs."""
