"""What one document may use."""

from dataclasses import astuple, dataclass

#: Characters of HTML that are tried at all.
HTML_CHARACTERS = 2_000_000


@dataclass(frozen=True)
class Limits:
    """Of one child process; 32 pages need less than a third of it."""

    #: Address space, in bytes.
    memory: int = 1_536 * 1024 * 1024
    #: Processor seconds, and seconds by the clock.
    cpu_seconds: int = 60
    wall_seconds: int = 75
    #: Bytes of the finished PDF.
    pdf_bytes: int = 64 * 1024 * 1024

    def as_arguments(self) -> list[str]:
        """For the child's command line."""
        return [str(number) for number in astuple(self)]
