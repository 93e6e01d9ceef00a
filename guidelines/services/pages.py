"""The body of an edition's page, made once at publication in the edition's own language."""

from django.template.loader import render_to_string
from django.utils import translation

from guidelines.models import Edition
from guidelines.reports.reading import chapters_of, section_views


def page_html(edition: Edition) -> str:
    """Contents, sections with gist, checklist, terms and templates; the same for every reader."""
    language = edition.publication.language
    with translation.override(language):
        views = section_views(edition)
        context = {
            "edition": edition,
            "chapters": chapters_of(edition, views),
            "sources": edition.sources,
        }
        return render_to_string("guidelines/_edition_body.html", context)
