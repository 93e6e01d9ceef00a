"""Filters of the case list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Industry
from casebook.enums import Pathway
from casebook.models import LeakCaseQuerySet
from common.forms import PickField

_ANY = [("", _("すべて"))]


class CaseFilterForm(forms.Form):
    """Unknown values filter nothing and are named beside the field."""

    pathway = PickField(label=_("漏れ方"), choices=[*_ANY, *Pathway.choices], required=False)
    industry = PickField(label=_("業種"), choices=[*_ANY, *Industry.choices], required=False)

    def narrow(self, cases: LeakCaseQuerySet) -> LeakCaseQuerySet:
        """The cases that fit what was chosen."""
        self.is_valid()
        return cases.filter(**{name: value for name, value in self.cleaned_data.items() if value})
