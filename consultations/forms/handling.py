"""The secretariat's forms, and the expert's declaration."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import PickField, PlainTextField
from common.policy import Role
from consultations.enums import Category, Duty, Urgency


class TriageForm(forms.Form):
    """Category and urgency as the secretariat sees them."""

    category = PickField(label=_("相談の種類"), choices=Category.choices)
    urgency = PickField(label=_("お急ぎの度合い"), choices=Urgency.choices)


class ExpertField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Experts by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Name, or address where no name was given."""
        return str(obj.listed_name)


class AssignForm(forms.Form):
    """Whom to ask, for which duty."""

    duty = PickField(label=_("役割"), choices=Duty.choices)
    expert = ExpertField(
        label=_("専門家"),
        queryset=User.objects.none(),
        error_messages={"invalid_choice": _("一覧にある専門家を選んでください。")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        experts = User.objects.active().filter(role=Role.EXPERT).select_related("vault_key")
        self.fields["expert"].queryset = experts.order_by("email")  # type: ignore[attr-defined]


class OfferForm(forms.Form):
    """The declaration that must stand before any content is shown."""

    answer = PickField(
        label=_("利益相反の確認"),
        choices=[
            ("accept", _("依頼者・相手方との利益相反はありません。引き受けます。")),
            ("decline", _("利益相反がある、または引き受けられません。")),
        ],
        widget=forms.RadioSelect,
    )


class DisclosureForm(forms.Form):
    """Why staff must read a case; the firm sees it."""

    reason = PlainTextField(
        label=_("閲覧の理由"),
        max_length=500,
        help_text=_("この理由と、あなたの役割・日時は、相談した企業に表示されます。"),
    )
