"""The search form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import LineField, PickField, PlainTextField


class SearchForm(forms.Form):
    """Words to look for, and which page of the results."""

    q = LineField(label=_("探すことば"), required=False, max_length=100)
    page = forms.IntegerField(required=False, min_value=1, max_value=500, widget=forms.HiddenInput)

    def clean_page(self) -> Any:
        """The first page where none is named."""
        return self.cleaned_data.get("page") or 1


class GalleryForm(forms.Form):
    """One field of each kind, for the gallery of components."""

    title = LineField(label=_("件名"), help_text=_("短い名前です。"))
    body = PlainTextField(label=_("今の状況"), required=False)
    country = PickField(
        label=_("国・地域"), choices=[("", _("日本国内だけ")), ("TH", _("タイ"))], required=False
    )
    kind = PickField(
        label=_("種類"), choices=[("leak", _("漏えい")), ("other", _("そのほか"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    shared = forms.BooleanField(label=_("社内でも見せる"), required=False)
    file = forms.FileField(label=_("添付ファイル"), required=False)
