"""What a reader with an account keeps: subscriptions and ticks."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guidelines.models.publications import Publication
from guidelines.models.sections import Section


class Subscription(models.Model):
    """Tell me of changes: of one section, of a publication, or of whatever fits my firm."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="guideline_subscriptions"
    )
    section = models.ForeignKey(Section, on_delete=models.CASCADE, null=True)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, null=True)
    #: By the firm's profile: country of its bases, overseas base or not.
    by_profile = models.BooleanField(default=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("お知らせの申し込み")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "section", "publication", "by_profile"],
                nulls_distinct=False,
                name="subscription_once",
            ),
            models.CheckConstraint(
                condition=Q(section__isnull=False, publication__isnull=True, by_profile=False)
                | Q(section__isnull=True, publication__isnull=False, by_profile=False)
                | Q(section__isnull=True, publication__isnull=True, by_profile=True),
                name="subscription_to_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.section_id or self.publication_id or 'profile'}"


class Tick(models.Model):
    """A checklist step that is done. It counts while the step's substance (rev) stays the same."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="guideline_ticks"
    )
    section = models.ForeignKey(Section, on_delete=models.CASCADE)
    item = models.CharField(max_length=10)
    rev = models.PositiveSmallIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("済んだ確認項目")
        constraints = [
            models.UniqueConstraint(fields=["user", "section", "item", "rev"], name="tick_once")
        ]

    def __str__(self) -> str:
        return f"{self.section_id}/{self.item}"
