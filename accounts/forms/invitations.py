"""Inviting somebody, and joining by an invitation."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import AddressField
from accounts.forms.profile import NamedForm
from accounts.models import User
from common.policy import PROFESSIONALS, Role

#: As the secretariat thinks of them, not in the order of a set.
INVITED_ROLES = [role for role in Role if role in PROFESSIONALS]


class InviteMemberForm(forms.Form):
    """A colleague's address."""

    email = AddressField(label=_("招待する方のメールアドレス"))


class InviteProfessionalForm(forms.Form):
    """An address and the role it is for."""

    email = AddressField(label=_("招待する方のメールアドレス"))
    role = forms.ChoiceField(
        label=_("役割"),
        choices=[(role.value, role.label) for role in INVITED_ROLES],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("役割を選んでください。"),
            "invalid_choice": _("役割を一覧から選んでください。"),
        },
    )


class PasswordField(forms.CharField):
    """A password; nothing about it is changed."""

    widget = forms.PasswordInput

    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        super().__init__(strip=False, max_length=1000, **options)
        self.widget.attrs["autocomplete"] = autocomplete


class JoinForm(NamedForm):
    """A new account for the invited address."""

    password1 = PasswordField(
        label=_("パスワード"),
        autocomplete="new-password",
        help_text=_("12文字以上。ほかで使っていない、推測されにくいもの。"),
        error_messages={"required": _("パスワードを入力してください。")},
    )
    password2 = PasswordField(
        label=_("パスワード（もう一度）"),
        autocomplete="new-password",
        error_messages={"required": _("確認のため、パスワードをもう一度入力してください。")},
    )

    def __init__(self, *args: Any, email: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email = email

    def clean_password1(self) -> str:
        """Strong enough, and not the address."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, User(email=self.email))
        return password

    def clean(self) -> dict[str, Any]:
        """Typed twice alike."""
        data = super().clean() or {}
        if {"password1", "password2"} <= set(data) and data["password1"] != data["password2"]:
            self.add_error(
                "password2", _("二つのパスワードが違います。同じものを入力してください。")
            )
        return data
