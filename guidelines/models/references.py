"""Glossary terms, and statutes cited by article with the time in which each text applies."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Term(models.Model):
    """A term of the field and its meaning, in both languages."""

    key = models.SlugField(max_length=60, primary_key=True)
    ja = models.CharField(_("語"), max_length=100)
    reading = models.CharField(_("読み"), max_length=150)
    en = models.CharField(_("英語"), max_length=150)
    definition_ja = models.CharField(_("意味"), max_length=600)
    definition_en = models.CharField(_("意味（英語）"), max_length=600)
    statutes = models.JSONField(default=list)
    also = models.JSONField(_("ほかの書き方"), default=list)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("用語")
        ordering = ["reading", "key"]

    def __str__(self) -> str:
        return self.ja

    def word(self, language: str) -> str:
        """In one language."""
        return self.en if language == "en" else self.ja

    def definition(self, language: str) -> str:
        """In one language."""
        return self.definition_en if language == "en" else self.definition_ja


class Act(models.Model):
    """A statute."""

    key = models.SlugField(max_length=40, primary_key=True)
    position = models.PositiveSmallIntegerField(default=1)
    name_ja = models.CharField(_("法律名"), max_length=200)
    name_en = models.CharField(_("法律名（英語）"), max_length=200)
    number_ja = models.CharField(_("法律番号"), max_length=100)
    number_en = models.CharField(_("法律番号（英語）"), max_length=100)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("法律")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.name_ja


class ProvisionQuerySet(models.QuerySet["Provision"]):
    """Which text of a provision applied when."""

    def as_of(self, day: date) -> "ProvisionQuerySet":
        """The texts that applied on a day."""
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        lasts = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return self.filter(begun & lasts).select_related("act")


class Provision(models.Model):
    """An article's content in our own words, with the days between which it applied."""

    #: "ucpa/2-6"
    key = models.CharField(max_length=60)
    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="provisions")
    place_ja = models.CharField(_("条項"), max_length=100)
    place_en = models.CharField(_("条項（英語）"), max_length=100)
    gist_ja = models.CharField(_("内容"), max_length=900)
    gist_en = models.CharField(_("内容（英語）"), max_length=900)
    valid_from = models.DateField(_("適用の始まり"), null=True)
    valid_to = models.DateField(_("適用の終わり"), null=True)
    source = models.CharField(_("出典"), max_length=300)
    as_of = models.DateField(_("確かめた日"))
    position = models.PositiveSmallIntegerField(default=1)

    objects: ClassVar[Any] = ProvisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("条項")
        ordering = ["position", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "valid_from"], nulls_distinct=False, name="provision_interval_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="provision_interval_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def anchor(self) -> str:
        """Its place on the page of statutes."""
        return self.key.replace("/", "-")

    def place(self, language: str) -> str:
        """As a sentence names it: 不正競争防止法第2条第6項."""
        if language == "en":
            return f"{self.act.name_en}, {self.place_en}"
        return f"{self.act.name_ja}{self.place_ja}"

    def gist(self, language: str) -> str:
        """In one language."""
        return self.gist_en if language == "en" else self.gist_ja
