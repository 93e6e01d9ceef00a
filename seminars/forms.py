"""The registration form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import AddressField
from common.forms import LineField


class RegistrationForm(forms.Form):
    """Who comes. Only what is needed to keep a seat."""

    name = LineField(label=_("氏名"), max_length=100)
    email = AddressField(label=_("メールアドレス"))
    firm = LineField(label=_("企業名"), max_length=200, required=False)
