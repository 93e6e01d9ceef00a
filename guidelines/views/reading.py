"""The list, the edition in force on a day, any published edition, one section."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language

from common.policy import rule
from guidelines.enums import PublicationKind
from guidelines.forms import OnDateForm
from guidelines.models import Edition, Publication, Section, SectionVersion
from guidelines.reports import twin_in_force
from guidelines.reports.history import history_of, section_page
from guidelines.reports.reading import known_language
from guidelines.views.stored import stored_page


@rule("guideline", "read")
def publication_list(request: HttpRequest) -> HttpResponse:
    """What is in force today, by kind."""
    today = timezone.localdate()
    editions = list(Edition.objects.in_force(today, language=_language()))
    originals = {e.publication.slug: e for e in Edition.objects.in_force(today)}
    shown = {e.publication.slug: e for e in editions}
    found = [shown.get(slug, edition) for slug, edition in originals.items()]
    groups = [
        (kind.label, [e for e in found if e.publication.kind == kind]) for kind in PublicationKind
    ]
    context = {"groups": [(label, rows) for label, rows in groups if rows]}
    return render(request, "guidelines/list.html", context)


@rule("guideline", "read")
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The edition in force, today or on the day asked for."""
    if not request.GET and (answer := stored_page(request, slug)) is not None:
        return answer
    get_object_or_404(Publication, slug=slug, language="ja")
    form = OnDateForm(request.GET)
    on = form.chosen()
    edition, original = twin_in_force(slug, on=on or timezone.localdate(), language=_language())
    if edition is None and on is None:
        raise Http404
    return _show(request, edition, original, form, on)


@rule("guideline", "read")
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One published edition, in force or not."""
    editions = Edition.objects.published().filter(publication__slug=slug, number=number)
    found = {e.publication.language: e for e in editions.select_related("page")}
    original = found.get("ja")
    if original is None:
        raise Http404
    shown = found.get(_language(), original)
    return _show(request, shown, original, OnDateForm(), None)


def _show(
    request: HttpRequest,
    edition: Edition | None,
    original: Edition | None,
    form: OnDateForm,
    on: date | None,
) -> HttpResponse:
    context: dict[str, Any] = {"edition": edition, "form": form, "on": on}
    if edition is not None and original is not None:
        if request.headers.get("If-None-Match", "").strip('W/"') == _etag(request, edition, on):
            return HttpResponseNotModified()
        context |= {"original": original, **history_of(edition, original)}
    response = render(request, "guidelines/detail.html", context)
    if edition is not None:
        response.headers["ETag"] = f'W/"{_etag(request, edition, on)}"'
    return response


def _etag(request: HttpRequest, edition: Edition, on: date | None) -> str:
    who = getattr(request.user, "pk", None) or "all"
    return f"{edition.etag}-{timezone.localdate():%Y%m%d}-{on or ''}-{who}"


@rule("guideline", "read")
def section(request: HttpRequest, pk: str) -> HttpResponse:
    """The section's text in force now, else the last it had."""
    found = get_object_or_404(Section.objects.select_related("publication"), pk=pk)
    context = section_page(found, language=_language(), user=request.user)
    if context is None:
        raise Http404
    return render(request, "guidelines/section.html", context)


@rule("guideline", "read")
def section_edition(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """The section's text in one edition, under a banner that says what replaced it and how."""
    found = get_object_or_404(Section.objects.select_related("publication"), pk=pk)
    wanted = SectionVersion.objects.published().filter(section=found, edition__number=number)
    if not wanted.exists():
        raise Http404
    context = section_page(found, language=_language(), user=request.user, number=number)
    return render(request, "guidelines/section.html", context)


def _language() -> str:
    return known_language(get_language())
