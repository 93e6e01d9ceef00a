"""The advice report's sections, and the reviewer's answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PlainTextField


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
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def rows(self) -> list[tuple[str, str]]:
        """Headings and texts of the sections that were written."""
        shown = [(str(f.label), self.initial.get(n, "")) for n, f in self.fields.items()]
        return [(label, text) for label, text in shown[:-1] if text]


class ReturnForm(forms.Form):
    """Why the reviewer gives the report back."""

    comment = PlainTextField(label=_("差し戻しの理由"), max_length=4000)
