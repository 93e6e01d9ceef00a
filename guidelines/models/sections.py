"""Sections with ids that last, their text in one edition, and what became of them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guidelines.enums import ChangeKind, MoveKind
from guidelines.models.documents import TemplateVersion
from guidelines.models.publications import Edition, Publication, digest_of


class Section(models.Model):
    """What stays the same from edition to edition: the opaque id that links and advice use."""

    policy_resource = "guideline"

    id = models.SlugField(_("節の番号"), max_length=12, primary_key=True)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="sections")
    #: The authors' name for it, in sources and `[[s:key]]`.
    key = models.SlugField(max_length=40)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("節")
        constraints = [
            models.UniqueConstraint(fields=["publication", "key"], name="section_key_once")
        ]

    def __str__(self) -> str:
        return self.id

    def get_absolute_url(self) -> str:
        """The address to cite."""
        return reverse("guidelines:section", args=[self.id])


class SectionVersionQuerySet(models.QuerySet["SectionVersion"]):
    """Reading order, and what everybody may read."""

    def of(self, edition: Edition) -> "SectionVersionQuerySet":
        """An edition's text, in order."""
        return self.filter(edition=edition).order_by("position")

    def published(self) -> "SectionVersionQuerySet":
        """Of published editions only."""
        return self.filter(edition__state="published")


class SectionVersion(models.Model):
    """A section's text in one edition: Markdown, the HTML made of it once, and its hash."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="versions")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="versions")
    position = models.PositiveSmallIntegerField()
    #: "2-3": chapter and place in it; computed, never typed.
    label = models.CharField(_("番号"), max_length=10, default="")
    heading = models.CharField(_("見出し"), max_length=200)
    gist = models.CharField(_("要点"), max_length=600, default="")
    source = models.TextField(_("本文"))
    #: [{"id": "a", "rev": 1, "text": …}]
    checklist = models.JSONField(_("確認項目"), default=list)
    #: Keys of provisions.
    statutes = models.JSONField(default=list)
    #: Of country manuals: [{"id", "label", "value", "source", "as_of", "valid_from", "review_due"}]
    facts = models.JSONField(default=list)
    #: What could not be verified, said openly.
    open_points = models.JSONField(default=list)
    templates = models.ManyToManyField(TemplateVersion, related_name="sections")
    html = models.TextField(editable=False, default="")
    sha256 = models.CharField(max_length=64, editable=False)
    #: Raised by every save of a draft; an older one is refused (409).
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = SectionVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("節の本文")
        constraints = [
            models.UniqueConstraint(fields=["edition", "section"], name="section_once_an_edition"),
        ]
        indexes = [models.Index(fields=["section", "edition"], name="section_history")]

    def __str__(self) -> str:
        return f"{self.section_id} {self.heading}"

    def digest(self) -> str:
        """SHA-256 over everything a reader is told, with line ends as \\n."""
        return digest_of(
            [
                self.heading,
                self.gist,
                self.source.replace("\r\n", "\n"),
                self.checklist,
                self.statutes,
                self.facts,
                self.open_points,
            ]
        )

    def get_absolute_url(self) -> str:
        """This text's own address: section and edition."""
        return reverse("guidelines:section-edition", args=[self.section_id, self.edition.number])


class ChangeNote(models.Model):
    """What is different in a section since the edition before, in readers' words."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="notes")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(_("変更の種類"), max_length=10, choices=ChangeKind.choices)
    note = models.CharField(_("何が変わったか"), max_length=600)
    reason = models.CharField(_("理由"), max_length=600, default="", blank=True)
    #: Values of Affected.
    affects = models.JSONField(_("関係する方"), default=list)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("変更の説明")
        constraints = [
            models.UniqueConstraint(fields=["edition", "section"], name="change_note_once"),
            models.CheckConstraint(
                condition=Q(kind__in=ChangeKind.values), name="change_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section_id} {self.kind}"


class SectionMove(models.Model):
    """One line of what became of a section: moved, split into, merged into another."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="moves")
    kind = models.CharField(max_length=10, choices=MoveKind.choices)
    origin = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="moves_out")
    target = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="moves_in")

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("節の移動")
        constraints = [
            models.UniqueConstraint(fields=["edition", "origin", "target"], name="move_once"),
            models.CheckConstraint(
                condition=~Q(origin=models.F("target")) | Q(kind="moved"), name="move_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} → {self.target_id}"
