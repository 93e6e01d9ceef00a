"""Files made of published text: templates to fill in (docx), and PDFs that a worker makes."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

LANGUAGES = [("ja", "日本語"), ("en", "English")]


class TemplateVersion(models.Model):
    """One version of a document to fill in, as docx; never changes."""

    policy_resource = "guideline"

    key = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField(_("版"))
    language = models.CharField(max_length=2, choices=LANGUAGES)
    title = models.CharField(_("題名"), max_length=200)
    use = models.CharField(_("使いどころ"), max_length=400)
    source = models.TextField(_("本文"))
    docx = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("ひな形")
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "number", "language"], name="template_version_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The docx file."""
        return reverse("guidelines:template", args=[self.key, self.number])


class Document(models.Model):
    """A PDF of published text, found by what it shows; made once by a worker."""

    #: "edition:<sha>", "section:<sha>…", "redline:<sha>..<sha>", each with language.
    key = models.CharField(max_length=200, unique=True)
    #: What the worker needs to make it.
    order = models.JSONField(default=dict)
    content = models.BinaryField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, default="", editable=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("PDF")

    def __str__(self) -> str:
        return self.key
