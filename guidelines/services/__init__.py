"""The only writers of this app."""

from guidelines.services.content import load_content
from guidelines.services.publication import cite, publish_edition, write_section

__all__ = ["cite", "load_content", "publish_edition", "write_section"]
