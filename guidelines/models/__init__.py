"""Publications, their editions and sections, references, files, and what readers keep."""

from guidelines.models.citations import Citation, citing_models
from guidelines.models.documents import Document, TemplateVersion
from guidelines.models.publications import Edition, EditionPage, Publication
from guidelines.models.readers import Subscription, Tick
from guidelines.models.references import Act, Provision, Term
from guidelines.models.sections import ChangeNote, Section, SectionMove, SectionVersion

__all__ = [
    "Act",
    "ChangeNote",
    "Citation",
    "Document",
    "Edition",
    "EditionPage",
    "Provision",
    "Publication",
    "Section",
    "SectionMove",
    "SectionVersion",
    "Subscription",
    "TemplateVersion",
    "Term",
    "Tick",
    "citing_models",
]
