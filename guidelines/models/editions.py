"""A guideline and its editions."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guidelines.enums import EditionState


class Guideline(models.Model):
    """A guideline under an address that lasts; its text is in its editions."""

    policy_resource = "guideline"

    slug = models.SlugField(_("アドレス"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=1)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("ガイドライン")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """The edition in force."""
        return reverse("guidelines:detail", args=[self.slug])


class EditionQuerySet(models.QuerySet["Edition"]):
    """Which edition applies when."""

    def published(self) -> "EditionQuerySet":
        """Open to everybody."""
        return self.filter(state=EditionState.PUBLISHED).select_related("guideline")

    def in_force(self, on: date) -> "EditionQuerySet":
        """The published edition of each guideline that had begun last on that day."""
        begun = self.published().filter(effective_from__lte=on)
        return begun.order_by("guideline__position", "guideline_id", "-effective_from").distinct(
            "guideline__position", "guideline_id"
        )


class Edition(models.Model):
    """One edition, in Japanese and English. Triggers keep a published one as it was."""

    guideline = models.ForeignKey(Guideline, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(_("版"))
    state = models.CharField(
        _("状態"), max_length=10, choices=EditionState.choices, default=EditionState.DRAFT
    )
    effective_from = models.DateField(_("適用開始日"))
    title_ja = models.CharField(_("題名"), max_length=200)
    title_en = models.CharField(_("題名（英語）"), max_length=200)
    summary_ja = models.CharField(_("要約"), max_length=500)
    summary_en = models.CharField(_("要約（英語）"), max_length=500)
    as_of = models.DateField(_("内容を確かめた日"))
    sources = models.JSONField(_("出典"), default=list)
    published_at = models.DateTimeField(_("公開日時"), null=True)

    objects: ClassVar[Any] = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("版")
        constraints = [
            models.UniqueConstraint(fields=["guideline", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["guideline", "effective_from"],
                condition=Q(state="published"),
                name="edition_one_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=EditionState.values), name="edition_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="edition_publication_dated",
            ),
        ]
        ordering = ["guideline", "number"]

    def __str__(self) -> str:
        return f"{self.guideline} {self.number}"

    @property
    def title(self) -> str:
        """In the language of the page."""
        return self.title_en if _english() else self.title_ja

    @property
    def summary(self) -> str:
        """In the language of the page."""
        return self.summary_en if _english() else self.summary_ja


def _english() -> bool:
    return (get_language() or "ja").startswith("en")
