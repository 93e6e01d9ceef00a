"""Form fields for text as people in Japan type it; what cannot be kept is named, never dropped."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: Longest text in one field, in characters.
LONGEST_TEXT = 20_000
LONGEST_LINE = 200
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
#: Overrides of writing direction can make a text look like another one (CVE-2021-42574).
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: Half characters, and the mark that stands where bytes could not be read as text.
_BROKEN = re.compile("[\ud800-\udfff\ufffd]")
_DASHES = re.compile("[\\s‐‑‒–—―−ー－-]")
UNREADABLE = _("読めない文字（制御文字や壊れた文字）が含まれています。その文字を消してください。")
REVERSED = _("文字の並ぶ向きを変える、目に見えない文字が含まれています。消してから送ってください。")


def check_plain(value: str) -> None:
    """Raises ValidationError for characters that no text of ours may hold."""
    if _CONTROLS.search(value) or _BROKEN.search(value):
        raise ValidationError(UNREADABLE, code="unreadable")
    if _DIRECTIONS.search(value):
        raise ValidationError(REVERSED, code="reversed")


class PlainTextField(forms.CharField):
    """Text of several lines. Line ends become \\n; nothing else is changed."""

    widget: Any = forms.Textarea

    def __init__(self, *, max_length: int = LONGEST_TEXT, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)
        self.validators = [v for v in self.validators if "Null" not in type(v).__name__]
        self.error_messages["required"] = options.get("error_messages", {}).get(
            "required", _("入力してください。")
        )
        self.error_messages["too_long"] = _(
            "{limit}文字以内で書いてください（今は{count}文字です）。"
        )

    def to_python(self, value: Any) -> str:
        """The text with line ends as \\n, so that its length is what the browser counts."""
        text = super().to_python(value)
        return (text or "").replace("\r\n", "\n").replace("\r", "\n")

    def run_validators(self, value: Any) -> None:
        """One message that says how long the text is, or what in it is unreadable."""
        if self.max_length is not None and len(value) > self.max_length:
            message = str(self.error_messages["too_long"]).format(
                limit=f"{self.max_length:,}", count=f"{len(value):,}"
            )
            raise ValidationError(message, code="too_long")
        check_plain(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A count to show instead of `maxlength`, which would cut off what people paste."""
        return {"data-max": str(self.max_length)} if isinstance(widget, forms.Textarea) else {}


class PickField(forms.ChoiceField):
    """One of some choices."""

    default_error_messages = {
        "required": _("どれか一つを選んでください。"),
        "invalid_choice": _("一覧にあるものから選んでください。"),
    }


class LineField(PlainTextField):
    """Text of one line."""

    widget: Any = forms.TextInput

    def __init__(self, *, max_length: int = LONGEST_LINE, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)

    def run_validators(self, value: Any) -> None:
        """A line holds no line end."""
        super().run_validators(value)
        if "\n" in value:
            raise ValidationError(_("改行せずに、1行で書いてください。"), code="lines")


class CodeField(LineField):
    """A code or number: width, dashes and spaces do not matter."""

    def to_python(self, value: Any) -> str:
        """The code, half-width, without dashes and spaces."""
        text = super().to_python(value)
        return _DASHES.sub("", unicodedata.normalize("NFKC", text)) if text else ""
