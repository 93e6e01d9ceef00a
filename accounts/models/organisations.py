"""Firms, their bases abroad, and who belongs to them."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Country, Industry, Prefecture, SizeBand
from common.policy import AnyUser, Relation, Role, role_of
from common.vault import DataKey, SealedModel, SealedQuerySet, SealedTextField


class OrganisationQuerySet(SealedQuerySet["Organisation"]):
    """Which firms a person may see."""

    def visible_to(self, user: AnyUser) -> "OrganisationQuerySet":
        """One's own firm; the secretariat sees all."""
        role = role_of(user)
        if role is Role.STAFF:
            return self
        if role is not Role.MEMBER:
            return self.none()
        return self.filter(memberships__user=user.pk, memberships__ended_at=None)


class Organisation(SealedModel):
    """A firm. What identifies it is sealed; what statistics count stays clear."""

    policy_resource = "organisation"

    name = SealedTextField(_("企業名"), max_length=200)
    kana = SealedTextField(_("企業名（カナ）"), max_length=200, default="", blank=True)
    corporate_number = SealedTextField(_("法人番号"), max_length=13, default="", blank=True)
    phone = SealedTextField(_("電話番号"), max_length=20, default="", blank=True)
    prefecture = models.CharField(_("都道府県"), max_length=2, choices=Prefecture.choices)
    industry = models.CharField(_("業種"), max_length=1, choices=Industry.choices)
    size = models.CharField(_("従業員の数"), max_length=8, choices=SizeBand.choices)
    created_at = models.DateTimeField(_("登録"), default=timezone.now, editable=False)
    vault_key = models.ForeignKey(
        DataKey, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects: ClassVar[Any] = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("企業")
        verbose_name_plural = _("企業")

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, **options: Any) -> None:
        """Like Django's; a new firm gets its data key in the same transaction."""
        with transaction.atomic():
            if getattr(self, "vault_key_id", None) is None:
                self.vault_key = DataKey.objects.create_key()
            super().save(**options)

    def relations_of(self, user: AnyUser) -> frozenset[Relation]:
        """Of its members, and of its owners."""
        membership = getattr(user, "membership", None)
        if membership is None or membership.organisation_id != self.pk:
            return frozenset()
        both = {Relation.FIRM, Relation.OWNER}
        return frozenset(both if membership.is_owner else {Relation.FIRM})


class OverseasBase(SealedModel):
    """A base abroad, sealed under the firm's key; the country stays clear."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="bases")
    country = models.CharField(_("国・地域"), max_length=2, choices=Country.choices)
    city = SealedTextField(_("都市"), max_length=100, default="", blank=True)
    name = SealedTextField(_("拠点の名前"), max_length=200, default="", blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("海外拠点")
        verbose_name_plural = _("海外拠点")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def vault_key(self) -> DataKey:
        """The firm's data key."""
        return self.organisation.vault_key


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Which memberships a person may see."""

    def visible_to(self, user: AnyUser) -> "MembershipQuerySet":
        """The active ones of one's own firm; the secretariat sees all."""
        role = role_of(user)
        if role is Role.STAFF:
            return self
        if role is not Role.MEMBER:
            return self.none()
        ours = Membership.objects.active().filter(user=user.pk).values("organisation")
        return self.active().filter(organisation__in=ours)

    def active(self) -> "MembershipQuerySet":
        """Not ended."""
        return self.filter(ended_at=None)

    def owners(self) -> "MembershipQuerySet":
        """Of those who manage their firm's account."""
        return self.filter(is_owner=True)

    def with_people(self) -> "MembershipQuerySet":
        """With the persons and the keys of their names, oldest first."""
        return self.select_related("user__vault_key", "organisation").order_by("joined_at", "pk")


class Membership(models.Model):
    """A person belongs to a firm, from one time to another; to one at a time."""

    policy_resource = "membership"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    is_owner = models.BooleanField(_("管理者"), default=False)
    joined_at = models.DateTimeField(_("参加"), default=timezone.now)
    ended_at = models.DateTimeField(_("終了"), null=True, blank=True)

    objects: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("所属")
        verbose_name_plural = _("所属")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None), name="membership_one_active"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("joined_at")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def relations_of(self, user: AnyUser) -> frozenset[Relation]:
        """One's own, a colleague's, and whether one manages the firm."""
        relations = set(self.organisation.relations_of(user))
        if user.pk == self.user_id:
            relations.add(Relation.OWN)
        return frozenset(relations)
