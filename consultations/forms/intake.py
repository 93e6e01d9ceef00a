"""The three pages of intake. None asks for the secret itself; the page where it could slip in says so."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Country
from common.forms import LineField, PickField, PlainTextField
from consultations.enums import Category, Urgency


class IntakePage(forms.Form):
    """One page: its heading, and its saved answers as people read them."""

    heading: Any = ""

    def rows(self) -> list[tuple[Any, str]]:
        """Label and answer of each question, for the check before sending."""
        return [(field.label, self._shown(name)) for name, field in self.fields.items()]

    def typed(self) -> dict[str, Any]:
        """What is right as it is kept, and wrong text as it was typed, so that it is not lost."""
        self.is_valid()
        wrong = {
            name: str(self.data.get(self.add_prefix(name), ""))
            for name in self.errors
            if isinstance(self.fields.get(name), PlainTextField)
        }
        return {**wrong, **self.cleaned_data}

    def _shown(self, name: str) -> str:
        value = self.initial.get(name, self.fields[name].initial)
        choices = dict(getattr(self.fields[name], "choices", ()))
        if isinstance(self.fields[name], forms.BooleanField):
            return str(_("はい") if value else _("いいえ"))
        if value in choices:
            return str(choices[value])
        return str(value or _("（未記入）"))


class WhatForm(IntakePage):
    """Page 1: what it is about and how soon."""

    heading = _("何についての相談か")

    category = PickField(label=_("相談の種類"), choices=Category.choices, widget=forms.RadioSelect)
    urgency = PickField(
        label=_("お急ぎの度合い"), choices=Urgency.choices, widget=forms.RadioSelect
    )
    country = PickField(
        label=_("関係する国・地域"),
        choices=[("", _("日本国内だけ")), *Country.choices],
        required=False,
        help_text=_("海外の拠点や取引先が関わるときに選んでください。"),
    )


class WhatHappenedForm(IntakePage):
    """Page 2: what happened, without the secret itself."""

    heading = _("何が起きているか")

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


class WhoForm(IntakePage):
    """Page 3: who else is concerned, and who of the firm may read along."""

    heading = _("関係する人と、社内での共有")

    parties = PlainTextField(
        label=_("相手方の名前"),
        required=False,
        max_length=2000,
        help_text=_("専門家に利益相反がないかを確かめるためだけに使います。わかる範囲で結構です。"),
    )
    shared_in_firm = forms.BooleanField(
        label=_("同じ企業のメンバーにも、この相談を見せる"),
        required=False,
        help_text=_("選ばなければ、社内で見られるのはあなただけです。あとから変えられます。"),
    )


PAGES: dict[int, type[IntakePage]] = {1: WhatForm, 2: WhatHappenedForm, 3: WhoForm}
