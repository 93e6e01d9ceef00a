"""The search form."""

import uuid
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common import audit
from common.audit.models import AuditEvent
from common.forms import CodeField, LineField, PickField, PlainTextField


class SearchForm(forms.Form):
    """Words to look for, and which page of the results."""

    q = LineField(label=_("探すことば"), required=False, max_length=100)
    page = forms.IntegerField(required=False, min_value=1, max_value=500, widget=forms.HiddenInput)

    def clean_page(self) -> Any:
        """The first page where none is named."""
        return self.cleaned_data.get("page") or 1


def _verbs() -> list[tuple[str, Any]]:
    return [("", _("すべて")), *sorted(audit.REGISTERED.items())]


class AuditFilterForm(forms.Form):
    """Which events of the audit log to show; a wrong value filters nothing and is named."""

    verb = PickField(label=_("操作"), choices=_verbs, required=False)
    number = CodeField(
        label=_("操作者か対象の番号"),
        required=False,
        max_length=40,
        help_text=_("記録にある番号をそのまま入れてください。"),
    )

    def narrow(self, events: "QuerySet[AuditEvent]") -> "QuerySet[AuditEvent]":
        """The events that fit what was asked for."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("verb"):
            events = events.filter(verb=asked["verb"])
        if number := asked.get("number"):
            same = Q(object_id=number)
            try:
                # CodeField takes out dashes; both kinds of writing name the same person or thing.
                known = uuid.UUID(number)
                same |= Q(actor_id=known) | Q(object_id=str(known))
            except ValueError:
                pass
            events = events.filter(same)
        return events


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
