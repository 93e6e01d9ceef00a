"""What the services of this app refuse."""

from common.errors import Refused


class Full(Refused):
    """No seat is left."""


class Closed(Refused):
    """Registration has ended."""


class AlreadyBooked(Refused):
    """This address has a seat already."""
