"""What other apps derive their own tables of citations from."""

from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from guidelines.enums import Standing
from guidelines.models.publications import Edition
from guidelines.models.sections import Section


class CitationQuerySet(models.QuerySet[Any]):
    """Filters by standing."""

    def outdated(self) -> "CitationQuerySet":
        """Whose words are no longer those in force."""
        return self.exclude(standing=Standing.UNCHANGED)


class Citation(models.Model):
    """A section as it stood in one edition; `sha256` proves which words were meant.

    `standing` is written anew by the worker whenever an edition of the publication comes into force.
    """

    #: What the citing thing is called on the editors' list: the kind, never its content.
    citing_label: ClassVar[Any] = _("引用元")

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.UNCHANGED)

    objects: ClassVar[Any] = CitationQuerySet.as_manager()

    class Meta:
        abstract = True


def citing_models() -> list[type[Citation]]:
    """Every app's table of citations."""
    return [model for model in apps.get_models() if issubclass(model, Citation)]
