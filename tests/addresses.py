"""Every address of the portal by name, and arguments that lead to a given world's objects."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def names() -> list[str]:
    """All names, with their namespace; the language prefix adds none."""
    return sorted(_wanted())


def _wanted() -> dict[str, set[str]]:
    """Every address's arguments. Raises LookupError for one without a name, ValueError for a second."""
    found: dict[str, set[str]] = {}
    for name, wanted in _walk(get_resolver().url_patterns, "", set()):
        if not name or name.endswith(":"):
            raise LookupError(f"an address without a name, taking {wanted}")
        if name in found:
            raise ValueError(f"{name}: two addresses of this name")
        found[name] = wanted
    return found


def _walk(patterns: Any, prefix: str, above: set[str]) -> Iterator[tuple[str, set[str]]]:
    for entry in patterns:
        part: Any = entry.pattern
        regex = getattr(part, "regex", None)
        wanted = above | set(part.converters) | set(regex.groupindex if regex else ())
        if isinstance(entry, URLResolver):
            inside = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry.url_patterns, inside, wanted)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name or ''}", wanted


def arguments(name: str, of_case: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """Arguments for an address. Raises LookupError where none are known: then the test fails."""
    needed = _wanted()[name]
    known = others.get(name, {})
    if name.startswith("consultations:"):
        file = name == "consultations:attachment"
        known = of_case | {"pk": of_case["file"] if file else of_case["draft"]}
    if lacking := needed - set(known):
        raise LookupError(f"{name}: add {', '.join(sorted(lacking))} to tests/world.py")
    return {key: known[key] for key in needed}
