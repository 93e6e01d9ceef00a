"""Filters of the case list, read from the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PickField
from consultations.enums import Category, State
from consultations.models.cases import ConsultationQuerySet

_ANY = [("", _("すべて"))]


class CaseFilterForm(forms.Form):
    """Unknown values filter nothing and are named beside the field."""

    state = PickField(label=_("状態"), choices=[*_ANY, *State.choices], required=False)
    category = PickField(label=_("種類"), choices=[*_ANY, *Category.choices], required=False)

    def narrow(self, cases: ConsultationQuerySet) -> ConsultationQuerySet:
        """The cases that fit what was chosen."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return cases.filter(**chosen)
