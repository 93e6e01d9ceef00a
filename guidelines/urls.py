"""Addresses of the guidelines. Drafts have none but the editors' desk."""

from django.urls import path

from guidelines.views import changes, desk, desk_sections, documents, keeping, reading, references

app_name = "guidelines"
_EDITION = "guidelines/<slug:slug>/editions/<int:number>/"
_DIFF = "guidelines/<slug:slug>/diff/<int:a>..<int:b>/"
_DESK = "guidelines/desk/<int:pk>/"
_SECTION = "s/<slug:pk>/editions/<int:number>/"
urlpatterns = [
    path("guidelines/", reading.publication_list, name="list"),
    path("guidelines/checklist/", keeping.checklist, name="checklist"),
    path("guidelines/ticks/", keeping.ticks, name="ticks"),
    path("guidelines/subscribe/", keeping.subscribe, name="subscribe"),
    path("guidelines/templates/", references.templates, name="templates"),
    path("guidelines/templates/<slug:key>/<int:number>/", references.template, name="template"),
    path("guidelines/documents/<int:pk>/", documents.document, name="document"),
    path(
        "guidelines/documents/<int:pk>/status/", documents.document_status, name="document-status"
    ),
    path("guidelines/documents/<int:pk>/file/", documents.document_file, name="document-file"),
    path("guidelines/desk/", desk.desk, name="desk"),
    path("guidelines/desk/begin/<int:pk>/", desk.begin, name="desk-begin"),
    path(_DESK, desk.draft, name="desk-draft"),
    path(_DESK + "outline/", desk.outline, name="desk-outline"),
    path(_DESK + "check/", desk.check, name="desk-check"),
    path(_DESK + "schedule/", desk.schedule, name="desk-schedule"),
    path(_DESK + "unschedule/", desk.unschedule, name="desk-unschedule"),
    path(_DESK + "discard/", desk.discard, name="desk-discard"),
    path(_DESK + "redline/", desk.draft_redline, name="desk-redline"),
    path(_DESK + "preview/", desk.preview, name="desk-preview"),
    path(_DESK + "add/", desk_sections.add, name="desk-add"),
    path(_DESK + "move/", desk_sections.move, name="desk-move"),
    path(_DESK + "sections/<slug:section>/", desk_sections.section, name="desk-section"),
    path(_DESK + "sections/<slug:section>/live/", desk_sections.live, name="desk-live"),
    path(_DESK + "sections/<slug:section>/note/", desk_sections.note, name="desk-note"),
    path(_DESK + "sections/<slug:section>/remove/", desk_sections.remove, name="desk-remove"),
    path("guidelines/<slug:slug>/", reading.detail, name="detail"),
    path("guidelines/<slug:slug>/changes/", changes.changes, name="changes"),
    path("guidelines/<slug:slug>/changes/atom/", changes.feed, name="feed"),
    path("guidelines/<slug:slug>/diff/", changes.choose, name="diff-choose"),
    path(_DIFF, changes.compare, name="diff"),
    path(_DIFF + "docx/", changes.compare_word, name="diff-word"),
    path(_DIFF + "pdf/", documents.ask_redline, name="diff-pdf"),
    path(_EDITION, reading.edition, name="edition"),
    path(_EDITION + "pdf/", documents.ask_edition, name="edition-pdf"),
    path("s/<slug:pk>/", reading.section, name="section"),
    path(_SECTION, reading.section_edition, name="section-edition"),
    path(_SECTION + "ticks/", keeping.tick, name="tick"),
    path(_SECTION + "pdf/", documents.ask_section, name="section-pdf"),
    path("glossary/", references.glossary, name="glossary"),
    path("statutes/", references.statutes, name="statutes"),
    path("countries/", references.countries, name="countries"),
]
