"""What other apps derive their own tables of citations from."""

from typing import Any, ClassVar

from django.apps import apps
from django.db import models

from guidelines.enums import Standing
from guidelines.models.editions import Edition
from guidelines.models.sections import Section, SectionText


class Citation(models.Model):
    """A section as it stood in one edition; `sha256` proves which words were meant."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        abstract = True

    def standing(self, now: Edition) -> Standing:
        """How the cited words stand in the edition that is in force now."""
        text = SectionText.objects.filter(
            edition=now, section=self.section, language="ja"
        ).values_list("sha256", flat=True)
        current = text.first()
        if current is None:
            return Standing.REMOVED
        return Standing.CURRENT if current == self.sha256 else Standing.REVISED


def citing_models() -> list[type[Citation]]:
    """Every app's table of citations."""
    return [model for model in apps.get_models() if issubclass(model, Citation)]
