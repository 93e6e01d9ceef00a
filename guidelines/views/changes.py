"""What changed: the feed of a publication, and the comparison of any two of its editions."""

from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.policy import rule
from guidelines.forms import CompareForm
from guidelines.models import Edition, Publication, SectionVersion
from guidelines.reports.changes import notes_between
from guidelines.reports.reading import known_language
from guidelines.reports.redline import redline
from guidelines.reports.word import redline_document

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _publication(slug: str) -> Publication:
    """In the reader's language where it has published editions, else in Japanese."""
    language = known_language(get_language())
    known = {p.language: p for p in Publication.objects.filter(slug=slug)}
    if "ja" not in known:
        raise Http404
    wanted = known.get(language)
    if wanted and Edition.objects.published().filter(publication=wanted).exists():
        return wanted
    return known["ja"]


def _editions(slug: str, a: int, b: int) -> tuple[Edition, Edition]:
    """Two published editions, the earlier one first. Http404 for drafts and unknown numbers."""
    publication = _publication(slug)
    found = {
        e.number: e
        for e in Edition.objects.published().filter(publication=publication, number__in={a, b})
    }
    if a not in found or b not in found:
        raise Http404
    return found[min(a, b)], found[max(a, b)]


@rule("guideline", "read")
def compare(request: HttpRequest, slug: str, a: int, b: int) -> HttpResponse:
    """The redline, inline or as a comparison table (`?view=table`)."""
    if a > b:
        return redirect("guidelines:diff", slug=slug, a=b, b=a)
    old, new = _editions(slug, a, b)
    context: dict[str, Any] = {
        "redline": redline(old, new),
        "as_table": request.GET.get("view") == "table",
        "notes": notes_between(old, new),
        "form": CompareForm(_publication(slug), initial={"a": a, "b": b}),
        "publication": new.publication,
    }
    return render(request, "guidelines/diff.html", context)


@rule("guideline", "read")
def compare_word(request: HttpRequest, slug: str, a: int, b: int) -> HttpResponse:
    """The comparison table as a docx file."""
    old, new = _editions(slug, a, b)
    content = redline_document(redline(old, new), language=new.publication.language)
    response = HttpResponse(content, content_type=WORD)
    name = f"{slug}-{old.number}-{new.number}.docx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@rule("guideline", "read")
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Leads from two numbers in a form to their comparison."""
    form = CompareForm(_publication(slug), request.GET or None)
    if form.is_valid():
        a, b = sorted((form.cleaned_data["a"], form.cleaned_data["b"]))
        return redirect("guidelines:diff", slug=slug, a=a, b=b)
    return changes(request, slug, form=form)


@rule("guideline", "read")
def changes(request: HttpRequest, slug: str, form: CompareForm | None = None) -> HttpResponse:
    """Every published edition with its notes, newest first."""
    publication = _publication(slug)
    editions = list(
        Edition.objects.published()
        .filter(publication=publication)
        .newest_first()
        .prefetch_related("notes__section", "moves")
    )
    if not editions:
        raise Http404
    context = {
        "publication": publication,
        "title": editions[0].title,
        "editions": _with_before(editions),
        "form": form or CompareForm(publication),
    }
    return render(request, "guidelines/changes.html", context)


def _with_before(editions: list[Edition]) -> list[dict[str, Any]]:
    headings = {
        (edition, section): f"{label} {heading}"
        for edition, section, label, heading in SectionVersion.objects.filter(
            edition__in=editions
        ).values_list("edition_id", "section_id", "label", "heading")
    }
    rows = []
    for place, edition in enumerate(editions):
        before = editions[place + 1] if place + 1 < len(editions) else None
        notes = [
            {"note": note, "heading": headings.get((edition.pk, note.section_id))
             or headings.get((before.pk if before else 0, note.section_id), note.section_id)}
            for note in edition.notes.all()
        ]  # fmt: skip
        rows.append({"edition": edition, "before": before, "notes": notes})
    return rows


class ChangesFeed(Feed):  # type: ignore[type-arg]
    """Atom: one entry for each published edition of a publication."""

    feed_type = Atom1Feed

    def get_object(self, _request: HttpRequest, slug: str) -> Publication:
        """In the language of the address."""
        return get_object_or_404(Publication, pk=_publication(slug).pk)

    def title(self, obj: Publication) -> str:
        """Of the newest edition."""
        edition = Edition.objects.published().filter(publication=obj).newest_first().first()
        return _("{title}：変更のお知らせ").format(title=edition.title if edition else obj.slug)

    def link(self, obj: Publication) -> str:
        """The publication's page."""
        return obj.get_absolute_url()

    def items(self, obj: Publication) -> list[Edition]:
        """The twenty newest."""
        found = Edition.objects.published().filter(publication=obj).newest_first()
        return list(found.prefetch_related("notes")[:20])

    def item_title(self, item: Any) -> str:
        """Its number."""
        return _("第{number}版").format(number=item.number)

    def item_description(self, item: Any) -> str:
        """What readers are told of each section."""
        return "\n".join(note.note for note in item.notes.all()) or item.summary

    def item_link(self, item: Edition) -> str:
        """The edition's page."""
        return item.get_absolute_url()

    def item_pubdate(self, item: Edition) -> Any:
        """When it was published."""
        return item.published_at

    def item_updateddate(self, item: Edition) -> Any:
        """It never changes."""
        return item.published_at


@rule("guideline", "read")
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The Atom feed."""
    return ChangesFeed()(request, slug=slug)
