"""The account of one person."""

import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.policy import PROFESSIONALS, AnyUser, Relation, Role, role_of
from common.vault import DataKey, SealedModel, SealedQuerySet, SealedTextField, readable

if TYPE_CHECKING:
    from accounts.models.organisations import Membership, Organisation

ROLES = [(role.value, role.label) for role in Role if role is not Role.VISITOR]


def signed_in(request: HttpRequest) -> "User":
    """The person who sent the request. Raises PermissionDenied for a visitor."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def plain_address(typed: str) -> str:
    """An address as it is kept: half-width, lower, no spaces around."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


class UserQuerySet(SealedQuerySet["User"]):
    """Which accounts a person may know of."""

    def visible_to(self, user: AnyUser) -> "UserQuerySet":
        """One's own and those of one's firm; the secretariat sees all."""
        role = role_of(user)
        if role is Role.VISITOR:
            return self.none()
        if role is Role.STAFF:
            return self
        seen = Q(pk=user.pk)
        if role is Role.MEMBER:
            belonging = self.model.objects.filter(memberships__ended_at=None)
            ours = belonging.filter(pk=user.pk).values("memberships__organisation")
            seen |= Q(pk__in=belonging.filter(memberships__organisation__in=ours).values("pk"))
        return self.filter(seen)

    def professionals(self) -> "UserQuerySet":
        """Everybody but the members of firms."""
        return self.filter(role__in=[role.value for role in PROFESSIONALS])

    def for_list(self) -> "UserQuerySet":
        """With the keys of their names; by role, then address."""
        return self.select_related("vault_key").order_by("role", "email")

    def active(self) -> "UserQuerySet":
        """Accounts that are open."""
        return self.filter(is_active=True)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes accounts; each gets a data key of its own."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A saved account; without a password nobody can sign in by one."""
        user = self.model(email=plain_address(email), **fields)
        user.set_password(password)
        user.save()
        return user  # type: ignore[no-any-return]

    def get_by_natural_key(self, username: str | None) -> "User":
        """By address, in whatever width and case it was typed."""
        return self.get(email=plain_address(username or ""))  # type: ignore[no-any-return]


class User(SealedModel, AbstractBaseUser):
    """One person. Name and reading are sealed under a key of their own; the address stays clear."""

    policy_resource = "user"

    email = models.EmailField(_("メールアドレス"), max_length=254, unique=True)
    role = models.CharField(_("役割"), max_length=20, choices=ROLES, default=Role.MEMBER)
    name = SealedTextField(_("氏名"), max_length=100, default="", blank=True)
    kana = SealedTextField(_("氏名（カナ）"), max_length=100, default="", blank=True)
    language = models.CharField(
        _("表示する言語"), max_length=5, choices=settings.LANGUAGES, default="ja"
    )
    is_active = models.BooleanField(_("利用中"), default=True)
    created_at = models.DateTimeField(_("登録"), default=timezone.now, editable=False)
    vault_key = models.ForeignKey(
        DataKey, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("利用者")
        verbose_name_plural = _("利用者")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[value for value, _label in ROLES]), name="user_role_known"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, **options: Any) -> None:
        """Like Django's; a new account gets its data key in the same transaction."""
        with transaction.atomic():
            if getattr(self, "vault_key_id", None) is None:
                self.vault_key = DataKey.objects.create_key()
            super().save(**options)

    def refresh_from_db(self, *args: Any, **options: Any) -> None:
        """Like Django's; the membership is asked for anew."""
        self.__dict__.pop("membership", None)
        super().refresh_from_db(*args, **options)

    @property
    def is_staff(self) -> bool:
        """No account enters Django's own administration pages."""
        return False

    @property
    def is_professional(self) -> bool:
        """Whether a second factor is demanded."""
        return self.role in PROFESSIONALS

    @property
    def shown_name(self) -> str:
        """The name, or the address where none was given."""
        return self.name or self.email

    @property
    def listed_name(self) -> str:
        """The name for lists and talks, where one damaged name must not hide everything else."""
        return readable(self, "name") or self.email

    @cached_property
    def membership(self) -> "Membership | None":
        """The one active membership; kept on this instance until it is refreshed."""
        active = self.memberships.active()
        found: Membership | None = active.select_related("organisation__vault_key").first()
        return found

    @property
    def organisation(self) -> "Organisation | None":
        """The firm this person acts for, or None."""
        return self.membership.organisation if self.membership else None

    def relations_of(self, user: AnyUser) -> frozenset[Relation]:
        """Own account, or a colleague's."""
        if user.pk == self.pk:
            return frozenset({Relation.OWN})
        ours = getattr(user, "organisation", None)
        if ours is not None and ours == self.organisation:
            return frozenset({Relation.FIRM})
        return frozenset()
