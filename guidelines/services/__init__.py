"""The only writers of this app."""

from guidelines.services.citing import cite, classify_citations
from guidelines.services.content import load_content
from guidelines.services.documents import edition_pdf, keep_document, redline_pdf, section_pdf
from guidelines.services.drafting import begin_draft, discard_draft, references_of, save_outline
from guidelines.services.keeping import add_ticks, set_ticks, subscribe, unsubscribe
from guidelines.services.markdown import to_html
from guidelines.services.notes import forget_move, forget_note, note_move, save_note
from guidelines.services.publication import (
    check_legally,
    note_effects,
    prepare,
    publish_due,
    publish_now,
    rebuild_pages,
    schedule,
    unschedule,
)
from guidelines.services.sections import (
    SectionText,
    add_section,
    remove_section,
    save_section,
    write_section,
)
from guidelines.services.telling import tell_subscribers

__all__ = [
    "SectionText",
    "add_section",
    "add_ticks",
    "begin_draft",
    "check_legally",
    "cite",
    "classify_citations",
    "discard_draft",
    "edition_pdf",
    "forget_move",
    "forget_note",
    "keep_document",
    "load_content",
    "note_effects",
    "note_move",
    "prepare",
    "publish_due",
    "publish_now",
    "rebuild_pages",
    "redline_pdf",
    "references_of",
    "remove_section",
    "save_note",
    "save_outline",
    "save_section",
    "schedule",
    "section_pdf",
    "set_ticks",
    "subscribe",
    "tell_subscribers",
    "to_html",
    "unschedule",
    "unsubscribe",
    "write_section",
]
