"""What readers choose: a day, two editions."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.forms import PickField
from guidelines.models import Edition, Publication


class OnDateForm(forms.Form):
    """`?on=2026-11-24`"""

    on = forms.DateField(
        label=_("この日に適用される版"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("日付は 2026-11-24 のように書いてください。")},
    )

    def chosen(self) -> date | None:
        """The day; None where none was asked for or it cannot be read."""
        day: Any = self.cleaned_data.get("on") if self.is_valid() else None
        return day if isinstance(day, date) else None


class CompareForm(forms.Form):
    """Any two published editions of one publication."""

    a = PickField(label=_("古いほうの版"))
    b = PickField(label=_("新しいほうの版"))

    def __init__(self, publication: Publication, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        editions = Edition.objects.published().filter(publication=publication).newest_first()
        choices = [(str(e.number), edition_name(e)) for e in editions]
        for field in ("a", "b"):
            self.fields[field].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Numbers."""
        data = super().clean() or {}
        return {name: int(value) for name, value in data.items()}


def edition_name(edition: Edition) -> str:
    """Number and day from which it applies."""
    day = date_format(edition.effective_on, "DATE_FORMAT") if edition.effective_on else ""
    return _now("第{number}版（{day}から適用）").format(number=edition.number, day=day)
