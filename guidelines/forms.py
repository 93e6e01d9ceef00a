"""The day whose edition is asked for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class OnDateForm(forms.Form):
    """`?on=2026-11-24`"""

    on = forms.DateField(
        label=_("この日に適用されていた版"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("日付は 2026-11-24 のように書いてください。")},
    )

    def chosen(self) -> date | None:
        """The day; None where none was asked for or it cannot be read."""
        day: Any = self.cleaned_data.get("on") if self.is_valid() else None
        return day if isinstance(day, date) else None
