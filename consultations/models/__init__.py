"""Drafts, consultations, assignments, messages, files, advice reports."""

from consultations.models.assignments import Assignment, Disclosure
from consultations.models.cases import Consultation, Transition
from consultations.models.citations import AdviceCitation
from consultations.models.drafts import Draft
from consultations.models.messages import Attachment, Message
from consultations.models.reports import AdviceReport

__all__ = [
    "AdviceCitation",
    "AdviceReport",
    "Assignment",
    "Attachment",
    "Consultation",
    "Disclosure",
    "Draft",
    "Message",
    "Transition",
]
