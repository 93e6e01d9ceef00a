"""A consultation that is being written: kept on the server, sealed, one row per person and try."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from common.policy import AnyUser, Relation, Role, role_of
from common.vault import DataKey, SealedJSONField, SealedModel, SealedQuerySet, readable


class DraftQuerySet(SealedQuerySet["Draft"]):
    """Which drafts a person may see."""

    def visible_to(self, user: AnyUser) -> "DraftQuerySet":
        """One's own."""
        if role_of(user) is not Role.MEMBER:
            return self.none()
        return self.filter(author=user.pk)

    def latest_first(self) -> "DraftQuerySet":
        """The one last written in first."""
        return self.order_by("-saved_at")


class Draft(SealedModel):
    """Answers per page. `version` counts saves, so that two open windows are noticed."""

    policy_resource = "draft"

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    vault_key = models.ForeignKey(
        DataKey, on_delete=models.PROTECT, related_name="+", editable=False
    )
    answers = SealedJSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = DraftQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["author", "-saved_at"], name="draft_by_author")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def title(self) -> str:
        """What was typed as the title so far."""
        return str(self.answers.get("title") or "")

    @property
    def listed_title(self) -> str:
        """The same for lists, where one damaged draft must not hide the others."""
        return readable(self, "title")

    def relations_of(self, user: AnyUser) -> frozenset[Relation]:
        """Its author's."""
        return frozenset({Relation.OWN}) if user.pk == self.author_id else frozenset()
