"""How the sign-in package is tied to the portal: mail, sign-up, second factors."""

import logging
import time
import uuid
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import notifications, services
from accounts.models import User, plain_address
from accounts.models.seeds import open_seed, seal_seed
from common.policy import Role
from common.request_context import client_address
from common.vault import VaultError

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up, sign-in and the mails about them."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("このアカウントは停止されています。事務局にお問い合わせください。"),
        "cannot_remove_primary_email": _("ログインに使うメールアドレスは削除できません。"),
        "duplicate_email": _("このメールアドレスは、すでにこのアカウントにあります。"),
        "email_password_mismatch": _(
            "メールアドレスまたはパスワードが違います。入力し直してください。"
        ),
        "email_taken": _("このメールアドレスは使えません。別のアドレスを入力してください。"),
        "enter_current_password": _("いまのパスワードが違います。入力し直してください。"),
        "incorrect_code": _("コードが違います。新しく表示されたコードを入力してください。"),
        "incorrect_password": _("パスワードが違います。入力し直してください。"),
        "invalid_password_reset": _(
            "このリンクは使えません。もう一度、再設定のメールを受け取ってください。"
        ),
        "too_many_login_attempts": _(
            "続けて失敗したため、しばらくログインできません。5分ほど待ってからお試しください。"
            "パスキーでのログインは、いまもできます。"
        ),
        "unverified_primary_email": _("先に、いまのメールアドレスを確認してください。"),
        "rate_limited": _("操作が続いています。少し待ってからお試しください。"),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Everybody may register, and becomes a member; other roles come by invitation."""
        return True

    def new_user(self, _request: HttpRequest) -> User:
        """A member, whatever else was posted."""
        return User(role=Role.MEMBER, language=_language())

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Save a person who signed up, with the name given."""
        super().save_user(request, user, form, commit=False)
        user.name = form.cleaned_data.get("name", "")
        user.kana = form.cleaned_data.get("kana", "")
        if commit:
            user.save()
        return user

    def clean_email(self, email: str) -> str:
        """The address as it is kept."""
        return plain_address(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put a content-free mail into the ledger instead of sending the package's own."""
        user = context.get("user")
        services.tell(
            notifications.BY_TEMPLATE.get(template_prefix, notifications.SECURITY_CHANGED),
            email=email,
            url=_mail_url(context),
            language=user.language if isinstance(user, User) else _language(),
            event=uuid.uuid4().hex,
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person of a change to the account, without saying whence it came."""
        known = {"user": user, **(context or {})}
        self.send_mail(template_prefix, email or user.email, known)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; when too many, tell the person whose account it is."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            user = User.objects.active().filter(email=credentials.get("email", "")).first()
            if user is not None:
                services.tell(
                    notifications.SIGN_IN_LOCKED,
                    email=user.email,
                    url=reverse("account_reset_password"),
                    language=user.language,
                    event=f"{user.pk}-{localtime():%Y%m%d%H}",
                )
            raise

    def get_client_ip(self, request: HttpRequest) -> str:
        """For rate limits: the address that the portal's own proxy saw."""
        address = client_address(request)
        if not address:
            raise PermissionDenied
        return address

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Like the package's, but whoever has just signed in may set up a first second factor."""
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        request = current.request
        if required and app == "allauth.mfa" and not is_mfa_enabled(request.user):
            records = get_authentication_records(request, request.user)
            since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
            return not any(record["at"] > since for record in records)
        return required


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps seeds sealed, and the last second factor of a professional in place."""

    error_messages: ClassVar[dict[str, Any]] = {
        "add_email_blocked": _(
            "二段階認証を使うアカウントのメールアドレスは、事務局に連絡して変えてください。"
        ),
        "cannot_delete_authenticator": _(
            "この役割では二段階認証が必要です。先に別の手段を加えてください。"
        ),
        "cannot_generate_recovery_codes": _("先に、認証アプリかパスキーを登録してください。"),
        "incorrect_code": _("コードが違います。新しく表示されたコードを入力してください。"),
        "unverified_email": _("先に、メールアドレスの確認を終えてください。"),
    }

    def encrypt(self, text: str) -> str:
        """Seal a seed for the person who is setting it up."""
        user = current.request.user
        if not user.is_authenticated:
            raise PermissionDenied
        return seal_seed(user, text)

    def decrypt(self, encrypted_text: str) -> str:
        """The seed; a random one where the stored one was altered or moved, so no code fits."""
        try:
            seed: str = open_seed(encrypted_text)
        except VaultError as error:
            logger.error("second factor refused", extra={"code": type(error).__name__})
            seed = generate_totp_secret()
        return seed

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether a professional would keep another second factor."""
        if not authenticator.user.is_professional:
            return True
        others = Authenticator.objects.filter(user=authenticator.user_id).exclude(
            pk=authenticator.pk
        )
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def generate_authenticator_name(self, _user: User, _type: str) -> str:
        """A device word (see `accounts.forms.PasskeyForm`): nothing typed is kept in clear."""
        return "other"

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """The address stands for the name in the device's own list."""
        return {
            "id": user.pk.hex.encode("ascii"),
            "display_name": user.email,
            "name": user.email,
        }


def _language() -> str:
    """The language of the page being shown."""
    known = dict(settings.LANGUAGES)
    language = get_language() or ""
    return language if language in known else settings.LANGUAGE_CODE


def _mail_url(context: dict[str, Any]) -> str:
    """The one link of a mail, as a path: its host is the portal's own, whatever host was asked."""
    for name in ("activate_url", "password_reset_url", "signup_url"):
        if context.get(name):
            return urlsplit(str(context[name]))._replace(scheme="", netloc="").geturl()
    return reverse("account_login")
