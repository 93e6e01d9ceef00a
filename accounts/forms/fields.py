"""Fields for what people in Japan type in many ways: readings, numbers, addresses."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import plain_address
from common.forms import CodeField, LineField

_KANA = re.compile(r"[ァ-ヺー・ヽヾA-Za-z0-9 .,&'()/\-]*")
#: Hiragana and katakana stand this far apart.
_TO_KATAKANA = {code: code + 0x60 for code in [*range(0x3041, 0x3097), 0x309D, 0x309E]}
_NUMBER = re.compile(r"[0-9]+")
_PHONE = re.compile(r"\+?[0-9]{6,15}")


class KanaField(LineField):
    """A reading; hiragana and half-width katakana become full-width katakana."""

    def to_python(self, value: Any) -> str:
        """The reading in katakana."""
        text = unicodedata.normalize("NFKC", super().to_python(value))
        return text.translate(_TO_KATAKANA).strip()

    def run_validators(self, value: Any) -> None:
        """Kanji are no reading."""
        super().run_validators(value)
        if not _KANA.fullmatch(value):
            raise ValidationError(
                _("カタカナかひらがなで入力してください（漢字は使えません）。"), code="kana"
            )


class AddressField(LineField):
    """An e-mail address; full-width letters are accepted."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("メールアドレス"))
        options.setdefault("error_messages", {}).setdefault(
            "required", _("メールアドレスを入力してください。")
        )
        super().__init__(max_length=254, **options)
        self.widget.attrs.setdefault("autocomplete", "email")
        self.widget.attrs.setdefault("inputmode", "email")
        self.widget.attrs.setdefault("spellcheck", "false")
        self.validators.append(
            EmailValidator(_("メールアドレスは「name@example.jp」の形で入力してください。"))
        )

    def to_python(self, value: Any) -> str:
        """The address as it is kept."""
        return plain_address(super().to_python(value))

    def run_validators(self, value: Any) -> None:
        """Readable first, then the form of an address."""
        super().run_validators(value)
        if value:
            forms.Field.run_validators(self, value)


class CorporateNumberField(CodeField):
    """A 法人番号 of 13 digits. A wrong check digit is no error here: the form warns of it."""

    def run_validators(self, value: Any) -> None:
        """Thirteen digits."""
        super().run_validators(value)
        if not value:
            return
        if not _NUMBER.fullmatch(value):
            raise ValidationError(_("法人番号は数字だけで入力してください。"), code="digits")
        if len(value) != 13:
            message = str(_("法人番号は13桁です（今は{count}桁です）。")).format(count=len(value))
            raise ValidationError(message, code="length")


class PhoneField(CodeField):
    """A telephone number, with or without a country's prefix."""

    def run_validators(self, value: Any) -> None:
        """Digits, as many as numbers have."""
        super().run_validators(value)
        if value and not _PHONE.fullmatch(value):
            raise ValidationError(
                _("電話番号は数字で、市外局番から入力してください（例：03-1234-5678）。"),
                code="phone",
            )


def corporate_number_fits(number: str) -> bool:
    """Whether the check digit of a 法人番号 fits.

    Check digit = 9 − (Σ d·w mod 9), weights 1 and 2 in turn from the right over the other twelve
    digits (財務省令: 法人番号の指定等に関する省令 第2条). It does not see a 0 typed for a 9.
    """
    total = sum(int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(number[1:])))
    return int(number[0]) == 9 - total % 9
