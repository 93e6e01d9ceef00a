"""Forms of intake, handling and advice."""

from consultations.forms.advice import AdviceForm, ReturnForm
from consultations.forms.filters import CaseFilterForm
from consultations.forms.handling import AssignForm, DisclosureForm, OfferForm, TriageForm
from consultations.forms.intake import PAGES, IntakePage, WhatForm, WhatHappenedForm, WhoForm
from consultations.forms.talking import MessageForm

__all__ = [
    "PAGES",
    "AdviceForm",
    "AssignForm",
    "CaseFilterForm",
    "DisclosureForm",
    "IntakePage",
    "MessageForm",
    "OfferForm",
    "ReturnForm",
    "TriageForm",
    "WhatForm",
    "WhatHappenedForm",
    "WhoForm",
]
