"""The body of an edition's page, made once at publication in the edition's own language."""

from django.template.loader import render_to_string
from django.utils import translation

from guidelines.models import Edition, SectionVersion
from guidelines.reports.reading import chapters_of, section_views
from guidelines.services.drafting import labels_of, references_of
from guidelines.services.markdown import to_html


def page_html(edition: Edition, *, fresh: bool = False) -> str:
    """Contents, sections with gist, checklist, terms and templates; the same for every reader.

    `fresh` makes the sections' HTML of their Markdown now, for the preview of a draft; raises
    ContentBroken then.
    """
    language = edition.publication.language
    with translation.override(language):
        views = section_views(edition)
        if fresh:
            _refresh(edition, [view.version for view in views])
        context = {
            "edition": edition,
            "chapters": chapters_of(edition, views),
            "sources": edition.sources,
        }
        return render_to_string("guidelines/_edition_body.html", context)


def _refresh(edition: Edition, versions: list[SectionVersion]) -> None:
    """Numbers and HTML of a draft as it stands, in memory only."""
    references, places = references_of(edition), labels_of(edition.chapters)
    for version in versions:
        version.label = places.get(version.section_id, (0, ""))[1]
        version.html = to_html(version.source, references)
