"""Every address of the portal by name, and arguments that lead to a given scene's objects."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from consultations.models import Draft
from tests.consultations.factories import Scene


def names() -> list[str]:
    """All names, with their namespace; the language prefix adds none."""
    return sorted(set(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: Any, prefix: str) -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inside = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry.url_patterns, inside)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"


def arguments(
    name: str, scene: Scene, draft: Draft | None, others: dict[str, Any]
) -> dict[str, Any] | None:
    """Arguments for an address; None where this test does not know any: then it fails."""
    pattern = _pattern(name)
    wanted = set(pattern.pattern.converters) | set((getattr(pattern.pattern, "regex", None) and
                                                   pattern.pattern.regex.groupindex) or ())  # fmt: skip
    if not wanted:
        return {}
    known: dict[str, Any] = {}
    if name.startswith("consultations:"):
        known = {"ref": scene.case.ref, "pk": draft.pk if draft else None, "page": 2}
        if name == "consultations:attachment":
            known["pk"] = scene.attachment.pk
    else:
        known = others.get(name, {})
    if not wanted <= set(known):
        return None
    return {key: known[key] for key in wanted}


def _pattern(name: str) -> URLPattern:
    def find(patterns: Any, prefix: str) -> URLPattern | None:
        for entry in patterns:
            if isinstance(entry, URLResolver):
                inside = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
                if found := find(entry.url_patterns, inside):
                    return found
            elif f"{prefix}{entry.name}" == name:
                return entry
        return None

    found = find(get_resolver().url_patterns, "")
    if found is None:
        raise LookupError(name)
    return found
