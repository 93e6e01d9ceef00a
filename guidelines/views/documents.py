"""PDFs: asking for one, how far it is, and the file."""

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language

from common.policy import rule
from guidelines import services
from guidelines.models import Document, SectionVersion
from guidelines.reports.documents import document_facts
from guidelines.reports.reading import known_language
from guidelines.views.changes import editions, pair


@rule("guideline", "read")
def ask_edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The PDF of an edition: a button to have it made, or where it is."""
    (edition,) = editions(slug, number)
    return _ask(request, partial(services.edition_pdf, edition), f"edition:{edition.sha256}")


@rule("guideline", "read")
def ask_section(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """The PDF of one section's text: a button to have it made, or where it is."""
    texts = SectionVersion.objects.published().select_related("edition__publication")
    found = {
        v.edition.publication.language: v for v in texts.filter(section=pk, edition__number=number)
    }
    version = found.get(known_language(get_language())) or found.get("ja")
    if version is None:
        raise Http404
    key = f"section:{version.edition.sha256}:{pk}"
    return _ask(request, partial(services.section_pdf, version), key)


@rule("guideline", "read")
def ask_redline(request: HttpRequest, slug: str, a: int, b: int) -> HttpResponse:
    """The PDF of a comparison: a button to have it made, or where it is."""
    old, new = pair(slug, a, b)
    key = f"redline:{old.sha256}..{new.sha256}"
    return _ask(request, partial(services.redline_pdf, old, new), key)


def _ask(request: HttpRequest, order: Callable[[], Document], key: str) -> HttpResponse:
    """A look changes nothing: only the button queues work."""
    if request.method == "POST":
        return redirect("guidelines:document", pk=order().pk)
    known = Document.objects.filter(key=key).defer("content").first()
    if known is not None:
        return redirect("guidelines:document", pk=known.pk)
    return render(request, "guidelines/document_ask.html")


@rule("guideline", "read")
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the PDF is, and the link to it."""
    found = get_object_or_404(Document.objects.defer("content"), pk=pk)
    context = {"document": found, "job": document_facts(found)}
    return render(request, "guidelines/document.html", context)


@rule("guideline", "read")
def document_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as JSON, for the script that asks again."""
    return JsonResponse(document_facts(get_object_or_404(Document.objects.defer("content"), pk=pk)))


@rule("guideline", "read")
def document_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF."""
    found = get_object_or_404(Document, pk=pk)
    if found.content is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type="application/pdf")
    name = found.key.split(":")[0]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{found.pk}.pdf"'
    return response
