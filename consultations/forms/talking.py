"""The message form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common import uploads
from common.forms import PlainTextField


class MessageForm(forms.Form):
    """A message and, if wanted, one file. `token` makes a double click one message."""

    body = PlainTextField(
        label=_("メッセージ"),
        help_text=_("秘密の中身は書かないでください。"),
    )
    file = forms.FileField(
        label=_("添付ファイル"),
        required=False,
        help_text=_("PDF、Word、Excel、PowerPoint、JPEG、PNG、テキスト。20MBまで。"),
    )
    asks_reply = forms.BooleanField(label=_("ご相談者の回答を待つ"), required=False)
    token = forms.UUIDField(widget=forms.HiddenInput)
    inspected: uploads.Inspected | None = None

    def clean_file(self) -> Any:
        """A file that keeps all rules. Raises UploadRefused, which shows at the field."""
        file = self.cleaned_data.get("file")
        if file:
            self.inspected = uploads.inspect(file)
        return file

    def judged_files(self) -> tuple[tuple[Any, uploads.Inspected], ...]:
        """The judged file, ready to be stored."""
        if self.inspected is None:
            return ()
        return ((self.cleaned_data["file"], self.inspected),)
