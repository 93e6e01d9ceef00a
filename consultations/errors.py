"""What the services of this app refuse."""

from common.errors import Refused


class NotNow(Refused):
    """The case is in another state than this step needs."""


class DraftIncomplete(Exception):
    """A page of the draft is not filled in yet; `page` is its number (1 to 3)."""

    def __init__(self, page: int) -> None:
        self.page = page
        super().__init__(f"page {page}")


class NotScanned(Exception):
    """The scanner gave no verdict now."""
