"""A person's own particulars."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import KanaField
from common.forms import LineField, PickField


class NamedForm(forms.Form):
    """Name and reading, as every form about a person asks for them."""

    name = LineField(
        label=_("氏名"),
        max_length=100,
        help_text=_("例：営業 秘子。ローマ字でもかまいません。"),
        error_messages={"required": _("氏名を入力してください。")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    kana = KanaField(
        label=_("氏名（カナ）"),
        max_length=100,
        required=False,
        help_text=_("ひらがなで入力してもカタカナになります。"),
    )


class ProfileForm(NamedForm):
    """Name, reading, language."""

    language = PickField(
        label=_("メールと画面の言語"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        initial = {"name": user.name, "kana": user.kana, "language": user.language}
        super().__init__(*args, **options | {"initial": initial})
