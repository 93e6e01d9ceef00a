"""The sign-in package's forms, with our fields and words (settings ACCOUNT_FORMS, MFA_FORMS)."""

import struct
from typing import Any

from allauth.account import forms as account
from allauth.account.internal import flows
from allauth.core import context as current
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal import auth as totp_auth
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import AddressField
from accounts.forms.invitations import PasswordField
from accounts.forms.profile import NamedForm
from accounts.models.seeds import OwnedSeed, open_seed, seal_seed
from common.forms import CodeField
from common.vault import VaultError

DEVICES = [
    ("computer", _("このパソコン")),
    ("phone", _("スマートフォン・タブレット")),
    ("key", _("セキュリティキー")),
    ("other", _("その他の端末")),
]


def _current_password(label: Any) -> PasswordField:
    """The password an account has now."""
    return PasswordField(
        label=label,
        autocomplete="current-password",
        error_messages={"required": _("パスワードを入力してください。")},
    )


def _reword_new_password(form: forms.Form) -> None:
    """Our words for the two fields of a new password; its checks stay the package's."""
    first, second = form.fields["password1"], form.fields["password2"]
    first.label, second.label = _("新しいパスワード"), _("新しいパスワード（もう一度）")
    first.help_text = _("12文字以上。ほかで使っていない、推測されにくいもの。")
    for field in (first, second):
        field.widget.attrs.pop("placeholder", None)
        field.error_messages["required"] = _("パスワードを入力してください。")


class SignInForm(account.LoginForm):  # type: ignore[misc]
    """Address and password."""

    password = _current_password(_("パスワード"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = AddressField()
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.order_fields(["login", "password"])


class SignUpForm(NamedForm, account.SignupForm):  # type: ignore[misc]
    """A member's account. The firm is asked for afterwards, on a page of its own."""

    field_order = ("name", "kana", "email", "password1", "password2")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"] = AddressField()
        _reword_new_password(self)
        self.fields["password1"].label = _("パスワード")
        self.fields["password2"].label = _("パスワード（もう一度）")
        self.order_fields(self.field_order)

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """Like the package's; an address registered in this very moment is answered like any."""
        try:
            with transaction.atomic():
                return super().try_save(request)  # type: ignore[no-any-return]
        except IntegrityError as error:
            if "email" not in str(error):
                raise
            email = self.cleaned_data["email"]
            return None, flows.signup.prevent_enumeration(request, email=email)


class AddAddressForm(account.AddEmailForm):  # type: ignore[misc]
    """The address to change to."""

    email = AddressField(label=_("新しいメールアドレス"))


class ResetPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    """Where to send the link."""

    email = AddressField()


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, by the link."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _reword_new_password(self)


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    """A new password, by the present one."""

    oldpassword = _current_password(_("いまのパスワード"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _reword_new_password(self)


class ReauthenticateForm(account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    password = _current_password(_("パスワード"))


def _code(label: Any) -> CodeField:
    """A code from an application or a list; full-width digits are accepted."""
    return CodeField(
        label=label,
        max_length=40,
        error_messages={"required": _("コードを入力してください。")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class OneTimeCode:
    """Takes a code once.

    The package forgets a used code after half a minute, while it still takes it for another.
    """

    user: Any

    def clean_code(self) -> str:
        """The code, if it was not used before."""
        code: str = super().clean_code()  # type: ignore[misc]
        valid_for = totp_auth.app_settings.TOTP_PERIOD * (
            totp_auth.app_settings.TOTP_TOLERANCE * 2 + 1
        )
        if not cache.add(f"accounts.code:{self.user.pk}:{code}", "used", timeout=valid_for):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(OneTimeCode, mfa.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    code = _code(_("認証アプリのコード、または復旧コード"))


class SecondFactorAgainForm(OneTimeCode, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The second factor once more."""

    code = _code(_("認証アプリのコード、または復旧コード"))


class ActivateTOTPForm(OneTimeCode, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new application. Until it comes, its seed lies sealed in the session."""

    code = _code(_("アプリに表示された6桁のコード"))

    def __init__(self, *args: Any, **options: Any) -> None:
        session = current.request.session
        kept = session.get(totp_auth.SECRET_SESSION_KEY)
        super().__init__(*args, **options)
        if self.is_bound and kept:
            try:
                self.secret = open_seed(OwnedSeed.of(kept, self.user.pk))
                return
            except VaultError:
                self.secret = totp_auth.get_totp_secret(regenerate=True)
        session[totp_auth.SECRET_SESSION_KEY] = seal_seed(self.user, self.secret)


#: What the package raises for answers that no browser gives.
NONSENSE = (LookupError, ValueError, TypeError, AttributeError, struct.error)


class Answered:
    """A form with an authenticator's answer: one that no browser gives is wrong, no error of ours."""

    def clean_credential(self) -> Any:
        """What the package makes of the answer."""
        clean = getattr(super(), "clean_credential", None)
        try:
            return clean() if clean else self.cleaned_data["credential"]  # type: ignore[attr-defined]
        except NONSENSE as error:
            raise get_adapter().validation_error("incorrect_code") from error

    def clean(self) -> Any:
        """As above, for what is asked of the whole form."""
        try:
            return super().clean()  # type: ignore[misc]
        except NONSENSE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeySignInForm(Answered, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in by a passkey alone."""


class PasskeyStepForm(Answered, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step."""


class PasskeyAgainForm(Answered, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey once more."""


class PasskeyForm(Answered, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey. Its name is one of fixed words: the package keeps it in clear."""

    name = forms.ChoiceField(label=_("端末の種類"), required=False, choices=DEVICES)
    passwordless = forms.BooleanField(
        label=_("パスワードなしのログインに使う"),
        required=False,
        help_text=_("端末の指紋・顔・PINだけでログインできるようになります。"),
    )


class EditPasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """What kind of device holds a passkey."""

    name = forms.ChoiceField(label=_("端末の種類"), choices=DEVICES)
