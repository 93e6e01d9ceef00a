"""Progress for what takes long, and troubles as one sentence with a next step."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Trouble(Exception):
    """Something that the person at the terminal can mend; the text says how."""


def say(text: str) -> None:
    """One line, at once."""
    print(text, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step, and how long it took where that was more than a second."""
    print(f"· {text} …", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    took = time.monotonic() - started
    print(f" {took:.0f} s" if took >= 1 else " ok", flush=True)
