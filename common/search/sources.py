"""What can be searched: each app registers its public texts in `sources.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from common.registry import Registry


@dataclass(frozen=True)
class Entry:
    """One page that can be found. Only what anybody may read belongs here."""

    key: str
    title: str
    body: str
    url: str
    language: str = "ja"


@dataclass(frozen=True)
class SearchSource:
    """A kind of pages: its label for people, and all of its entries."""

    name: str
    label: Any
    rows: Callable[[], Iterable[Entry]]


sources: Registry[SearchSource] = Registry("search sources")


def register(source: SearchSource) -> SearchSource:
    """Add an app's source. Raises ValueError where the name is taken."""
    return sources.register(source.name, source)
