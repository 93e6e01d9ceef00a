"""Seminars, and registrations whose names and addresses are sealed."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.policy import AnyUser, Relation
from common.vault import DataKey, SealedModel, SealedQuerySet, SealedTextField
from seminars.enums import RegistrationState


class SeminarQuerySet(models.QuerySet["Seminar"]):
    """Which seminars are shown."""

    def visible_to(self, user: AnyUser) -> "SeminarQuerySet":
        """All: seminars are public."""
        return self.all()

    def upcoming(self) -> "SeminarQuerySet":
        """Not over yet, soonest first."""
        return self.filter(ends_at__gte=Now()).order_by("starts_at", "pk")


class Seminar(models.Model):
    """One date of a seminar. `taken` counts seats; a constraint keeps it within capacity."""

    policy_resource = "seminar"

    slug = models.SlugField(max_length=60, blank=True, default="")
    fictional = models.BooleanField(_("作例"), default=False)
    #: language → {title, summary, place}
    texts = models.JSONField(default=dict)
    starts_at = models.DateTimeField(_("開始"))
    ends_at = models.DateTimeField(_("終了"))
    closes_at = models.DateTimeField(_("申し込みの締め切り"))
    capacity = models.PositiveIntegerField(_("定員"))
    taken = models.PositiveIntegerField(default=0)
    vault_key = models.ForeignKey(
        DataKey, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects: ClassVar[Any] = SeminarQuerySet.as_manager()

    class Meta:
        verbose_name = _("セミナー")
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")), name="seminar_within_capacity"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="seminar_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="seminar_by_start")]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        """The seminar's page."""
        return reverse("seminars:detail", args=[self.pk])

    @property
    def text(self) -> dict[str, str]:
        """In the language of the page."""
        texts: dict[str, dict[str, str]] = self.texts
        return texts.get((get_language() or "ja")[:2]) or texts["ja"]

    @property
    def seats_left(self) -> int:
        """Free seats."""
        return self.capacity - self.taken

    @property
    def is_open(self) -> bool:
        """Whether registration has not closed."""
        return timezone.now() < self.closes_at

    def relations_of(self, user: AnyUser) -> frozenset[Relation]:
        """None: rules here go by role alone."""
        return frozenset()


class Registration(SealedModel):
    """One seat. The address is also kept as a keyed digest, so that nobody books twice."""

    seminar = models.ForeignKey(Seminar, on_delete=models.PROTECT, related_name="registrations")
    state = models.CharField(
        _("状態"), max_length=10, choices=RegistrationState.choices,
        default=RegistrationState.BOOKED,
    )  # fmt: skip
    name = SealedTextField(_("氏名"), max_length=100)
    email = SealedTextField(_("メールアドレス"), max_length=254)
    firm = SealedTextField(_("企業名"), max_length=200, default="", blank=True)
    address_digest = models.CharField(max_length=64, editable=False)
    booked_at = models.DateTimeField(_("申し込み"), db_default=Now())
    cancelled_at = models.DateTimeField(_("取り消し"), null=True)

    objects: ClassVar[Any] = SealedQuerySet.as_manager()

    class Meta:
        verbose_name = _("申し込み")
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "address_digest"],
                condition=Q(state="booked"),
                name="registration_once_per_address",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RegistrationState.values), name="registration_state_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def vault_key(self) -> DataKey:
        """The seminar's."""
        return self.seminar.vault_key

    @staticmethod
    def digest(seminar: Seminar, email: str) -> str:
        """Keyed digest of an address, different for each seminar."""
        return salted_hmac(
            f"seminars.registration:{seminar.pk}", email, secret=settings.SECRET_KEY,
            algorithm="sha256",
        ).hexdigest()  # fmt: skip
