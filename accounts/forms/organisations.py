"""What a firm says of itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Country, Industry, Prefecture, SizeBand
from accounts.forms.fields import (
    CorporateNumberField,
    KanaField,
    PhoneField,
    corporate_number_fits,
)
from accounts.models import Organisation
from accounts.services import BaseDetails, OrganisationDetails
from common.forms import LineField, PickField

#: Most bases abroad on one page.
MOST_BASES = 30


def _choices(words: Any) -> list[tuple[str, Any]]:
    """An empty first line, then the words."""
    return [("", _("選んでください")), *words.choices]


class BaseForm(forms.Form):
    """One base abroad. An empty country leaves the line out."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    country = PickField(
        label=_("国・地域"),
        required=False,
        choices=_choices(Country),
        error_messages={"invalid_choice": _("国・地域を一覧から選んでください。")},
    )
    city = LineField(label=_("都市"), max_length=100, required=False)
    name = LineField(label=_("拠点の名前"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """City or name without a country cannot be counted."""
        data = super().clean() or {}
        if not data.get("country") and (data.get("city") or data.get("name")):
            self.add_error("country", _("国・地域を選んでください。"))
        return data


class OrganisationForm(forms.Form):
    """A firm and its bases abroad.

    A 法人番号 whose check digit does not fit is a warning with a way to save all the same.
    """

    name = LineField(
        label=_("企業名"),
        max_length=200,
        help_text=_("登記のとおりに。髙・﨑などの文字もそのまま使えます。"),
        error_messages={"required": _("企業名を入力してください。")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kana = KanaField(
        label=_("企業名（カナ）"),
        required=False,
        help_text=_("ひらがなで入力してもカタカナになります。"),
    )
    corporate_number = CorporateNumberField(
        label=_("法人番号"),
        required=False,
        help_text=_("13桁。全角でもハイフン入りでもかまいません。個人事業の方は空欄にします。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    prefecture = PickField(
        label=_("本社の都道府県"),
        choices=_choices(Prefecture),
        error_messages={
            "required": _("都道府県を選んでください。"),
            "invalid_choice": _("都道府県を一覧から選んでください。"),
        },
    )
    industry = PickField(
        label=_("業種"),
        choices=_choices(Industry),
        help_text=_("日本標準産業分類の大分類です。迷うときは、売上のいちばん多いものを選びます。"),
        error_messages={
            "required": _("業種を選んでください。"),
            "invalid_choice": _("業種を一覧から選んでください。"),
        },
    )
    size = PickField(
        label=_("従業員の数"),
        choices=_choices(SizeBand),
        error_messages={
            "required": _("従業員の数を選んでください。"),
            "invalid_choice": _("従業員の数を一覧から選んでください。"),
        },
    )
    phone = PhoneField(
        label=_("電話番号"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(
        self, data: Any = None, *, organisation: Organisation | None = None, **options: Any
    ) -> None:
        #: Numbers that were looked at: just now, or when they were saved.
        self.confirmed = {(data or {}).get("confirmed_number", "")}
        if organisation is not None:
            self.confirmed.add(organisation.corporate_number)
        initial, lines = _standing(organisation)
        if data and "add_base" in data:
            # One more line is asked for, nothing is to be saved: what was typed stays, unchecked.
            initial, lines = _typed(data)
            data = None
        super().__init__(data, initial=initial, **options)
        formset = forms.formset_factory(
            BaseForm, extra=1, max_num=MOST_BASES, absolute_max=MOST_BASES
        )
        self.bases = formset(data, initial=lines, prefix="bases")

    @property
    def number_warning(self) -> str:
        """The number whose check digit does not fit, until it is confirmed; otherwise empty."""
        number: str = getattr(self, "cleaned_data", {}).get("corporate_number", "")
        if not number or corporate_number_fits(number) or number in self.confirmed:
            return ""
        return number

    def is_valid(self) -> bool:
        """Firm and bases are; both are looked at, so that all errors show at once."""
        ours, theirs = super().is_valid(), self.bases.is_valid()
        return ours and theirs

    def can_be_saved(self) -> bool:
        """Valid, and nothing left to confirm."""
        return self.is_valid() and not self.number_warning

    def details(self) -> OrganisationDetails:
        """What was said, for the service."""
        lines = [line.cleaned_data for line in self.bases if line.cleaned_data.get("country")]
        bases = [
            BaseDetails(line["country"], line["city"], line["name"], line["id"]) for line in lines
        ]
        return OrganisationDetails(bases=bases, **self.cleaned_data)


def _standing(
    organisation: Organisation | None,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What is known already: of the firm, and of each base."""
    if organisation is None:
        return {}, []
    names = OrganisationForm.base_fields
    bases = organisation.bases.select_related("organisation__vault_key")
    return (
        {name: getattr(organisation, name) for name in names},
        [{"id": b.pk, "country": b.country, "city": b.city, "name": b.name} for b in bases],
    )


def _typed(data: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What stands in the posted fields: of the firm, and of each base."""
    firm = {name: data.get(name, "") for name in OrganisationForm.base_fields}
    lines = []
    for number in range(MOST_BASES):
        line = {name: data.get(f"bases-{number}-{name}", "") for name in BaseForm.base_fields}
        if any(line.values()):
            lines.append(line)
    return firm, lines
