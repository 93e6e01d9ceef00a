"""A publication under an address that lasts, and its editions, which never change once published."""

import hashlib
import json
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from guidelines.enums import TRANSITIONS, EditionKind, EditionState, PublicationKind
from guidelines.errors import IllegalTransition

LANGUAGES = [("ja", "日本語"), ("en", "English")]


def digest_of(value: object) -> str:
    """SHA-256 of a value written as canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Filters of publications."""

    def in_language(self, language: str) -> "PublicationQuerySet":
        """Texts in one language, in their order."""
        return self.filter(language=language).order_by("position", "slug")


class Publication(models.Model):
    """A guideline, handbook or country manual in one language; its text is in its editions."""

    policy_resource = "guideline"

    slug = models.SlugField(_("アドレス"), max_length=60)
    language = models.CharField(_("言語"), max_length=2, choices=LANGUAGES, default="ja")
    kind = models.CharField(_("種類"), max_length=20, choices=PublicationKind.choices)
    jurisdiction = models.CharField(_("国・地域"), max_length=2, default="JP")
    position = models.PositiveSmallIntegerField(default=1)
    #: The Japanese text that this one translates; its sections are shared.
    twin_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="translations"
    )

    objects: ClassVar[Any] = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("刊行物")
        ordering = ["position", "slug", "language"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "language"], name="publication_once"),
            models.CheckConstraint(
                condition=Q(kind__in=PublicationKind.values), name="publication_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(language="ja") | Q(twin_of__isnull=False),
                name="publication_original_japanese",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.language}"

    def get_absolute_url(self) -> str:
        """The edition in force."""
        return reverse("guidelines:detail", args=[self.slug])

    @property
    def original_id(self) -> int:
        """The publication that owns the sections: itself, or the Japanese original."""
        return self.twin_of_id or self.pk


class EditionQuerySet(models.QuerySet["Edition"]):
    """Which edition applies when."""

    def published(self) -> "EditionQuerySet":
        """Open to everybody."""
        return self.filter(state=EditionState.PUBLISHED).select_related("publication")

    def unpublished(self) -> "EditionQuerySet":
        """Drafts and what waits for its day; editors only."""
        return self.exclude(state=EditionState.PUBLISHED).select_related("publication")

    def in_force(self, on: date, *, language: str = "ja") -> "EditionQuerySet":
        """The published edition of each publication that had begun last on that day."""
        begun = self.published().filter(effective_on__lte=on, publication__language=language)
        return begun.order_by(
            "publication__position", "publication_id", "-effective_on", "-number"
        ).distinct("publication__position", "publication_id")

    def newest_first(self) -> "EditionQuerySet":
        """By number, downwards."""
        return self.order_by("-number")


class Edition(models.Model):
    """One edition. Triggers keep a published one, and the chain of hashes, as they are."""

    policy_resource = "guideline"

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(_("版"))
    kind = models.CharField(
        _("種類"), max_length=15, choices=EditionKind.choices, default=EditionKind.REGULAR
    )
    state = models.CharField(
        _("状態"), max_length=10, choices=EditionState.choices, default=EditionState.DRAFT
    )
    title = models.CharField(_("題名"), max_length=200)
    summary = models.CharField(_("要約"), max_length=600)
    law_as_of = models.DateField(_("法律の基準日"))
    as_of = models.DateField(_("内容を確かめた日"))
    sources = models.JSONField(_("出典"), default=list)
    #: [{"title": …, "sections": [id, …]}], in reading order.
    chapters = models.JSONField(default=list)
    published_on = models.DateField(_("公開日"), null=True)
    effective_on = models.DateField(_("適用開始日"), null=True)
    publish_at = models.DateTimeField(_("公開予定日時"), null=True)
    published_at = models.DateTimeField(_("公開日時"), null=True)
    #: Of an English edition: the Japanese one it translates.
    based_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="translations"
    )
    sha256 = models.CharField(max_length=64, default="", editable=False)
    previous_sha256 = models.CharField(max_length=64, default="", editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: Everybody who wrote in it; none of them may vouch for it.
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    #: The draft's `content_digest` at the legal check; any later edit makes it differ.
    checked_sha256 = models.CharField(max_length=64, default="")
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("版")
        ordering = ["publication", "number"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["publication"],
                condition=~Q(state="published"),
                name="edition_one_draft_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=EditionState.values), name="edition_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(
                    published_at__isnull=False,
                    published_on__isnull=False,
                    effective_on__isnull=False,
                ),
                name="edition_publication_dated",
            ),
            models.CheckConstraint(
                condition=Q(kind="retrospective")
                | Q(effective_on__isnull=True)
                | Q(published_on__isnull=True)
                | Q(effective_on__gte=F("published_on")),
                name="edition_effect_after_publication",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled")
                | Q(publish_at__isnull=False, effective_on__isnull=False),
                name="edition_schedule_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication} {self.number}"

    def get_absolute_url(self) -> str:
        """This edition's own page."""
        return reverse("guidelines:edition", args=[self.publication.slug, self.number])

    @property
    def is_published(self) -> bool:
        """Whether everybody may read it."""
        return self.state == EditionState.PUBLISHED

    @property
    def etag(self) -> str:
        """Changes with the text and nothing else."""
        return self.sha256[:32]

    def section_ids(self) -> list[str]:
        """Public ids in reading order."""
        return [pk for chapter in self.chapters for pk in chapter["sections"]]

    def content_digest(self, parts: dict[str, Any]) -> str:
        """The hash over all that its readers are told, but for the days; `parts` is what hangs on it."""
        return digest_of(
            {
                "publication": [self.publication.slug, self.publication.language],
                "number": self.number,
                "kind": self.kind,
                "title": self.title,
                "summary": self.summary,
                "law_as_of": self.law_as_of,
                "as_of": self.as_of,
                "chapters": self.chapters,
                "sources": self.sources,
                **parts,
            }
        )

    def chained_digest(self, content: str) -> str:
        """The edition's hash: its content, its days, and the hash of the edition before (the chain)."""
        return digest_of(
            {
                "previous": self.previous_sha256,
                "content": content,
                "published_on": self.published_on,
                "effective_on": self.effective_on,
            }
        )

    def move_to(self, state: EditionState, **fields: Any) -> None:
        """Change the state, in the database and here. Raises IllegalTransition where it moved."""
        if state not in TRANSITIONS[EditionState(self.state)]:
            raise IllegalTransition(self.state, state)
        moved = Edition.objects.filter(pk=self.pk, state=self.state).update(state=state, **fields)
        if not moved:
            raise IllegalTransition(self.state, state)
        self.refresh_from_db()


class EditionPage(models.Model):
    """The edition's body as HTML, made once at publication; can be made anew at any time."""

    edition = models.OneToOneField(
        Edition, on_delete=models.CASCADE, primary_key=True, related_name="page"
    )
    html = models.TextField()

    objects: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return str(self.edition_id)

    @property
    def body(self) -> SafeString:
        """The HTML as it goes into the page."""
        return mark_safe(self.html)  # noqa: S308 - rendered by our own template
