"""The search form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import LineField


class SearchForm(forms.Form):
    """Words to look for, and which page of the results."""

    q = LineField(label=_("探すことば"), required=False, max_length=100)
    page = forms.IntegerField(required=False, min_value=1, max_value=500, widget=forms.HiddenInput)

    def clean_page(self) -> Any:
        """The first page where none is named."""
        return self.cleaned_data.get("page") or 1
