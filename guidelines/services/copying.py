"""Taking a section's text over into a draft."""

from guidelines.models import Edition, SectionVersion, TemplateVersion


def copied(version: SectionVersion, draft: Edition, *, templates: list[TemplateVersion]) -> None:
    """Make a section's text one of the draft's. The object itself becomes the new row."""
    version._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    version.pk, version._state.adding = None, True
    version.edition, version.version = draft, 1
    version.save()
    version.templates.set(templates)
