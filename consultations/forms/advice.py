"""The advice report's sections, and the reviewer's answer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PlainTextField
from guidelines.reports import CitableSection


class AdviceForm(forms.Form):
    """The report in sections. `version` notices a second window."""

    summary = PlainTextField(label=_("要点"), max_length=4000)
    facts = PlainTextField(label=_("うかがった事実"), required=False)
    secrecy = PlainTextField(label=_("秘密管理性"), required=False, max_length=4000)
    usefulness = PlainTextField(label=_("有用性"), required=False, max_length=4000)
    non_public = PlainTextField(label=_("非公知性"), required=False, max_length=4000)
    measures = PlainTextField(
        label=_("とるべき対策"),
        help_text=_("1行に一つずつ、すぐにすることから順に書いてください。"),
    )
    next_steps = PlainTextField(label=_("これからの進め方"), required=False)
    sections = forms.MultipleChoiceField(
        label=_("よりどころのガイドライン"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("いま適用されている版の節を引用します。改訂されると、この画面で分かります。"),
        error_messages={"invalid_choice": _("一覧にある節を選んでください。")},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, citable: Sequence[CitableSection] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["sections"].choices = [  # type: ignore[attr-defined]
            (section.section_id, section.title) for section in citable
        ]

    def rows(self) -> list[tuple[str, str]]:
        """Headings and texts of the sections that were written."""
        texts = [(n, f) for n, f in self.fields.items() if isinstance(f, PlainTextField)]
        shown = [(str(f.label), self.initial.get(n, "")) for n, f in texts]
        return [(label, text) for label, text in shown if text]


class ReturnForm(forms.Form):
    """Why the reviewer gives the report back."""

    comment = PlainTextField(label=_("差し戻しの理由"), max_length=4000)
