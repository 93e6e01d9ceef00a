"""Pages of the guidelines: the list, the edition in force, any edition, one section."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from common.policy import rule
from guidelines.forms import OnDateForm
from guidelines.models import Edition, Guideline, Section, SectionText
from guidelines.reports import edition_in_force


@rule("guideline", "read")
def guideline_list(request: HttpRequest) -> HttpResponse:
    """All guidelines in force today."""
    editions = Edition.objects.in_force(timezone.localdate())
    return render(request, "guidelines/list.html", {"editions": list(editions)})


@rule("guideline", "read")
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The edition in force, today or on the day asked for."""
    get_object_or_404(Guideline, slug=slug)
    form = OnDateForm(request.GET)
    on = form.chosen()
    edition = edition_in_force(slug, on=on or timezone.localdate())
    if edition is None and on is None:
        raise Http404
    return _show(request, edition, form)


@rule("guideline", "read")
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One edition, in force or not."""
    found = get_object_or_404(Edition.objects.published(), guideline__slug=slug, number=number)
    return _show(request, found, OnDateForm())


def _show(request: HttpRequest, edition: Edition | None, form: OnDateForm) -> HttpResponse:
    context: dict[str, Any] = {"edition": edition, "form": form, "texts": [], "in_force": None}
    if edition is not None:
        language = (get_language() or "ja")[:2]
        context["texts"] = list(SectionText.objects.of(edition, language).select_related("section"))
        context["in_force"] = edition_in_force(edition.guideline.slug, on=timezone.localdate())
        editions = Edition.objects.published().filter(guideline=edition.guideline)
        context["editions"] = list(editions.order_by("-number"))
    return render(request, "guidelines/detail.html", context)


@rule("guideline", "read")
def section(request: HttpRequest, pk: str) -> HttpResponse:
    """The section where it stands now, else where it stood last."""
    found = get_object_or_404(Section.objects.select_related("guideline"), pk=pk)
    now = edition_in_force(found.guideline.slug, on=timezone.localdate())
    texts = SectionText.objects.filter(section=found, edition__state="published")
    if now is not None and texts.filter(edition=now).exists():
        return redirect(f"{found.guideline.get_absolute_url()}#{found.pk}")
    last = texts.select_related("edition").order_by("-edition__number").first()
    if last is None:
        raise Http404
    response: HttpResponse = redirect(
        "guidelines:edition", slug=found.guideline.slug, number=last.edition.number
    )
    response["Location"] += f"#{found.pk}"
    return response
