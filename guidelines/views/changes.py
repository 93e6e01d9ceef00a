"""What changed: the feed of a publication, and the comparison of any two of its editions."""

from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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

#: The highest number that an edition can have.
LAST_NUMBER = 32_767
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def publications(slug: str) -> list[Publication]:
    """In the reader's language where it has published editions, then in Japanese. Raises Http404."""
    language = known_language(get_language())
    found = Publication.objects.filter(slug=slug, language__in={"ja", language})
    published = found.filter(editions__in=Edition.objects.published()).distinct()
    rows = sorted(published, key=lambda p: p.language != language)
    if not any(p.language == "ja" for p in rows):
        raise Http404
    return rows


def editions(slug: str, *numbers: int) -> list[Edition]:
    """Published editions by number, upwards: all translated ones, else all Japanese ones.

    Raises Http404 for drafts and unknown numbers.
    """
    if max(numbers) > LAST_NUMBER:
        raise Http404
    for publication in publications(slug):
        found = Edition.objects.published().filter(publication=publication, number__in=numbers)
        rows = list(found.order_by("number"))
        if {e.number for e in rows} == set(numbers):
            return rows
    raise Http404


def pair(slug: str, a: int, b: int) -> tuple[Edition, Edition]:
    """Two published editions, the earlier one first. Raises Http404."""
    rows = editions(slug, a, b)
    return rows[0], rows[-1]


@rule("guideline", "read")
def compare(request: HttpRequest, slug: str, a: int, b: int) -> HttpResponse:
    """The redline, inline or as a comparison table (`?view=table`)."""
    if a > b:
        turned = redirect("guidelines:diff", slug=slug, a=b, b=a)
        turned["Location"] += f"?{request.GET.urlencode()}" if request.GET else ""
        return turned
    old, new = pair(slug, a, b)
    context: dict[str, Any] = {
        "redline": redline(old, new),
        "as_table": request.GET.get("view") == "table",
        "notes": notes_between(old, new),
        "form": CompareForm(new.publication, initial={"a": a, "b": b}),
        "publication": new.publication,
    }
    return render(request, "guidelines/diff.html", context)


@rule("guideline", "read")
def compare_word(request: HttpRequest, slug: str, a: int, b: int) -> HttpResponse:
    """The comparison table as a docx file."""
    old, new = pair(slug, a, b)
    content = redline_document(redline(old, new), language=new.publication.language)
    response = HttpResponse(content, content_type=WORD)
    name = f"{slug}-{old.number}-{new.number}.docx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@rule("guideline", "read")
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Leads from two numbers in a form to their comparison."""
    form = CompareForm(publications(slug)[0], request.GET or None)
    if form.is_valid():
        a, b = sorted((form.cleaned_data["a"], form.cleaned_data["b"]))
        return redirect("guidelines:diff", slug=slug, a=a, b=b)
    return changes(request, slug, form=form)


@rule("guideline", "read")
def changes(request: HttpRequest, slug: str, form: CompareForm | None = None) -> HttpResponse:
    """Every published edition with its notes, newest first."""
    publication = publications(slug)[0]
    rows = list(
        Edition.objects.published()
        .filter(publication=publication)
        .newest_first()
        .prefetch_related("notes__section", "moves")
    )
    context = {
        "publication": publication,
        "title": rows[0].title,
        "editions": _with_before(rows),
        "form": form or CompareForm(publication),
    }
    return render(request, "guidelines/changes.html", context)


def _with_before(rows: list[Edition]) -> list[dict[str, Any]]:
    headings = {
        (edition, section): f"{label} {heading}"
        for edition, section, label, heading in SectionVersion.objects.filter(
            edition__in=rows
        ).values_list("edition_id", "section_id", "label", "heading")
    }
    found = []
    for place, edition in enumerate(rows):
        before = rows[place + 1] if place + 1 < len(rows) else None
        notes = [
            {"note": note, "heading": headings.get((edition.pk, note.section_id))
             or headings.get((before.pk if before else 0, note.section_id), note.section_id)}
            for note in edition.notes.all()
        ]  # fmt: skip
        found.append({"edition": edition, "before": before, "notes": notes})
    return found


class ChangesFeed(Feed):  # type: ignore[type-arg]
    """Atom: one entry for each published edition of a publication."""

    feed_type = Atom1Feed

    def get_object(self, _request: HttpRequest, slug: str) -> Publication:
        """In the language of the address."""
        return publications(slug)[0]

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
