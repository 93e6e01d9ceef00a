"""Guidelines, their editions, sections with addresses that last, and citations of them."""

from guidelines.models.citations import Citation, citing_models
from guidelines.models.editions import Edition, Guideline
from guidelines.models.sections import Section, SectionText

__all__ = ["Citation", "Edition", "Guideline", "Section", "SectionText", "citing_models"]
