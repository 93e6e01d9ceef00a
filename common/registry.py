"""Registries that upper apps fill and the composition root reads, so that nobody imports upward."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Named entries; a name is given once."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[str, T] = {}

    def register(self, name: str, entry: T) -> T:
        """Add an entry. Raises ValueError where the name is taken by another."""
        if self._entries.get(name, entry) is not entry:
            raise ValueError(f"{self.what}: {name!r} is registered twice")
        self._entries[name] = entry
        return entry

    def __getitem__(self, name: str) -> T:
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def names(self) -> list[str]:
        """All names, in the order they were registered."""
        return list(self._entries)
