"""Sections with addresses that last, and their text in one edition and language."""

import hashlib
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guidelines.models.editions import Edition, Guideline


class Section(models.Model):
    """What stays the same from edition to edition: the id that links and advice use."""

    id = models.SlugField(_("節の番号"), max_length=40, primary_key=True)
    guideline = models.ForeignKey(Guideline, on_delete=models.PROTECT, related_name="sections")

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("節")

    def __str__(self) -> str:
        return self.id

    def get_absolute_url(self) -> str:
        """The address to cite."""
        return reverse("guidelines:section", args=[self.id])


class SectionTextQuerySet(models.QuerySet["SectionText"]):
    """Reading order."""

    def of(self, edition: Edition, language: str) -> "SectionTextQuerySet":
        """An edition's text in one language, in order."""
        return self.filter(edition=edition, language=language).order_by("position")


class SectionText(models.Model):
    """Text of a section: Markdown, the HTML made of it once, and the hash that advice cites."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="texts")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=2, choices=[("ja", "日本語"), ("en", "English")])
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(_("見出し"), max_length=200)
    source = models.TextField(_("本文"))
    html = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)

    objects: ClassVar[Any] = SectionTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "section", "language"], name="section_text_once"
            ),
            models.UniqueConstraint(
                fields=["edition", "language", "position"], name="section_position_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section_id} {self.language}"

    @staticmethod
    def digest(heading: str, source: str) -> str:
        """SHA-256 over heading and Markdown, with line ends as \\n."""
        text = f"{heading}\n\n{source}".replace("\r\n", "\n")
        return hashlib.sha256(text.encode()).hexdigest()
