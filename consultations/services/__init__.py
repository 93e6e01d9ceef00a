"""The only writers of this app."""

from consultations.services.advice import (
    approve_advice,
    fetch_pdf,
    issue_advice,
    keep_pdf,
    return_advice,
    save_advice,
    submit_advice,
)
from consultations.services.handling import (
    answer_offer,
    assign_expert,
    begin_triage,
    disclose,
)
from consultations.services.intake import discard_draft, file_consultation, save_draft, start_draft
from consultations.services.talking import (
    close_consultation,
    note_download,
    read_content,
    read_names,
    send_message,
    set_sharing,
    withdraw_consultation,
)

__all__ = [
    "answer_offer",
    "approve_advice",
    "assign_expert",
    "begin_triage",
    "close_consultation",
    "discard_draft",
    "disclose",
    "fetch_pdf",
    "file_consultation",
    "issue_advice",
    "keep_pdf",
    "note_download",
    "read_content",
    "read_names",
    "return_advice",
    "save_advice",
    "save_draft",
    "send_message",
    "set_sharing",
    "start_draft",
    "submit_advice",
    "withdraw_consultation",
]
