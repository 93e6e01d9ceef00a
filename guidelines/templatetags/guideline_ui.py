"""What templates of the guidelines look up."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def notes_of(notes: dict[str, list[Any]], section_id: str) -> list[Any]:
    """The notes of one section."""
    return notes.get(section_id, [])
