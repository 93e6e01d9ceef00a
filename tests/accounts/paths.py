"""A path for every address of the portal, with numbers and names that lead nowhere."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

#: What stands for a number or an id in an address.
SAMPLES = {"IntConverter": 1, "UUIDConverter": "3f0f3b1e-0000-4000-8000-000000000000"}


def paths() -> dict[str, str]:
    """Name → path."""
    return {
        name: reverse(name, kwargs={key: SAMPLES.get(kind, "1") for key, kind in kinds.items()})
        for name, kinds in _walk(get_resolver().url_patterns, "", {})
    }


def _walk(
    patterns: Any, prefix: str, above: dict[str, str]
) -> Iterator[tuple[str, dict[str, str]]]:
    for entry in patterns:
        part: Any = entry.pattern
        kinds = above | {key: type(found).__name__ for key, found in part.converters.items()}
        kinds |= dict.fromkeys(getattr(getattr(part, "regex", None), "groupindex", {}), "regex")
        kinds.update({key: type(found).__name__ for key, found in part.converters.items()})
        if isinstance(entry, URLResolver):
            inside = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry.url_patterns, inside, kinds)
        else:
            yield f"{prefix}{entry.name}", kinds
