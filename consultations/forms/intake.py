"""The three pages of intake. None asks for the secret itself, and each says so where it could slip in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Country
from common.forms import LineField, PlainTextField
from consultations.enums import Category, Urgency


class WhatForm(forms.Form):
    """Page 1: what it is about and how soon."""

    category = forms.ChoiceField(
        label=_("相談の種類"), choices=Category.choices, widget=forms.RadioSelect
    )
    urgency = forms.ChoiceField(label=_("お急ぎの度合い"), choices=Urgency.choices, widget=forms.RadioSelect)
    country = forms.ChoiceField(
        label=_("関係する国・地域"),
        choices=[("", _("日本国内だけ")), *Country.choices],
        required=False,
        help_text=_("海外の拠点や取引先が関わるときに選んでください。"),
    )


class WhatHappenedForm(forms.Form):
    """Page 2: what happened, without the secret itself."""

    title = LineField(
        label=_("件名"),
        max_length=100,
        help_text=_("あとで見分けるための短い名前です。例：退職者によるデータの持ち出し"),
    )
    situation = PlainTextField(
        label=_("今の状況"),
        help_text=_(
            "いつ、何に気づき、今どうなっているかを書いてください。"
            "秘密の中身（図面・配合・顧客名簿など）は書かないでください。"
        ),
    )
    wish = PlainTextField(label=_("知りたいこと・してほしいこと"), required=False)


class WhoForm(forms.Form):
    """Page 3: who else is concerned, and who of the firm may read along."""

    parties = PlainTextField(
        label=_("相手方の名前"),
        required=False,
        max_length=2000,
        help_text=_("専門家に利益相反がないかを確かめるためだけに使います。わかる範囲で結構です。"),
    )
    shared_in_firm = forms.BooleanField(
        label=_("同じ企業の利用者にも、この相談を見せる"),
        required=False,
        help_text=_("選ばなければ、社内で見られるのはあなただけです。あとから変えられます。"),
    )


PAGES: dict[int, type[forms.Form]] = {1: WhatForm, 2: WhatHappenedForm, 3: WhoForm}
