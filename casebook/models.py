"""Leak cases as they may be told to everybody."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.enums import Country, Industry
from casebook.enums import TRANSITIONS, Pathway, State
from casebook.errors import NotReleasable
from common.policy import AnyUser, Relation, Role, role_of


class LeakCaseQuerySet(models.QuerySet["LeakCase"]):
    """Which cases a person may see."""

    def visible_to(self, user: AnyUser) -> "LeakCaseQuerySet":
        """The released ones; the editor sees all."""
        return self if role_of(user) is Role.EDITOR else self.released()

    def released(self) -> "LeakCaseQuerySet":
        """Open to everybody."""
        return self.filter(state=State.RELEASED)

    def newest_first(self) -> "LeakCaseQuerySet":
        """Last released first."""
        return self.order_by("-released_at", "pk")


class LeakCase(models.Model):
    """One case, in Japanese and English. Its id is made here and leads to nothing else."""

    policy_resource = "leak_case"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: Name of the content file it was loaded from; empty for others.
    slug = models.SlugField(max_length=60, blank=True, default="")
    state = models.CharField(
        gettext_lazy("状態"), max_length=10, choices=State.choices, default=State.DRAFT
    )
    fictional = models.BooleanField(gettext_lazy("作例"), default=False)
    pathway = models.CharField(gettext_lazy("漏れ方"), max_length=10, choices=Pathway.choices)
    industry = models.CharField(gettext_lazy("業種"), max_length=1, choices=Industry.choices)
    country = models.CharField(
        gettext_lazy("国・地域"), max_length=2, choices=Country.choices, blank=True, default=""
    )
    #: language → {title, happened, noticed, done, lesson}
    texts = models.JSONField(default=dict)
    released_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = LeakCaseQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("事例")
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=~Q(slug=""), name="leak_case_slug_once"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="leak_case_state"),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_at__isnull=False),
                name="leak_case_release_dated",
            ),
        ]
        indexes = [models.Index(fields=["state", "-released_at"], name="leak_case_newest")]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        """The case's page."""
        return reverse("casebook:detail", args=[self.pk])

    @property
    def text(self) -> dict[str, str]:
        """In the language of the page."""
        texts: dict[str, dict[str, str]] = self.texts
        return texts.get((get_language() or "ja")[:2]) or texts["ja"]

    def relations_of(self, user: AnyUser) -> frozenset[Relation]:
        """None: rules here go by role alone."""
        return frozenset()

    def move_to(self, state: State) -> None:
        """Move in a transaction. Raises NotReleasable where the table does not allow it."""
        before = State(
            LeakCase.objects.select_for_update().values_list("state", flat=True).get(pk=self.pk)
        )
        if state not in TRANSITIONS[before]:
            raise NotReleasable(_("この事例は、いまその操作ができません。"))
        values: dict[str, Any] = {"state": state}
        if state is State.RELEASED:
            values["released_at"] = Now()
        LeakCase.objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db()
