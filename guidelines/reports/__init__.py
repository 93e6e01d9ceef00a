"""What is in force, what is read, what changed, and what can be cited."""

from guidelines.reports.in_force import (
    CitableSection,
    citable_sections,
    edition_in_force,
    twin_in_force,
)

__all__ = ["CitableSection", "citable_sections", "edition_in_force", "twin_in_force"]
