"""Invitations, known by the digest of a token that only the mail holds."""

import hashlib
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisations import Organisation
from accounts.models.users import ROLES
from common.policy import AnyUser, Relation, Role, role_of

VALID_FOR = timedelta(days=7)


def token_digest(token: str) -> str:
    """What is kept of a token: SHA-256 suffices for 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Which invitations a person may see."""

    def visible_to(self, user: AnyUser) -> "InvitationQuerySet":
        """Owners see those into their firm, the secretariat all."""
        role = role_of(user)
        if role is Role.STAFF:
            return self
        membership = getattr(user, "membership", None)
        if role is not Role.MEMBER or membership is None or not membership.is_owner:
            return self.none()
        return self.filter(organisation=membership.organisation_id)

    def waiting(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; past their date or not."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def for_professionals(self) -> "InvitationQuerySet":
        """Into the portal in a professional role, not into a firm."""
        return self.filter(organisation=None)

    def open(self) -> "InvitationQuerySet":
        """That can be accepted now."""
        return self.waiting().filter(expires_at__gt=timezone.now())


def invitation_expiry() -> Any:
    """The end of a new invitation."""
    return timezone.now() + VALID_FOR


class Invitation(models.Model):
    """One address is asked to join, a firm as member or the portal in a professional role."""

    policy_resource = "invitation"

    digest = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField(_("メールアドレス"), max_length=254)
    role = models.CharField(_("役割"), max_length=20, choices=ROLES)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    #: None: made on the server's command line, for the first people of the secretariat.
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("招待"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("期限"), default=invitation_expiry)
    accepted_at = models.DateTimeField(_("参加"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("取り消し"), null=True, blank=True)

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("招待")
        verbose_name_plural = _("招待")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "organisation"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="invitation_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.MEMBER, organisation__isnull=False)
                | (~Q(role=Role.MEMBER) & Q(organisation=None)),
                name="invitation_members_into_firms",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                name="invitation_accepted_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """Whether it can be accepted now."""
        unused = self.accepted_at is None and self.withdrawn_at is None
        return unused and self.expires_at > timezone.now()

    def relations_of(self, user: AnyUser) -> frozenset[Relation]:
        """Of the owners of the firm it leads into."""
        return self.organisation.relations_of(user) if self.organisation else frozenset()
