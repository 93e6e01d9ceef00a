"""Ticks on checklists and subscriptions; the reader's own list of steps."""

import json
import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from common.errors import Refused
from common.policy import rule
from guidelines import services
from guidelines.models import Edition, Publication, Section, SectionVersion
from guidelines.reports.checklists import my_checklist, my_subscriptions, ticks_of

#: Steps that a browser may hand over at once.
MOST_TICKS = 500
_ID = re.compile(r"[a-z0-9]{1,12}")
_SLUG = re.compile(r"[a-z0-9-]{1,60}")


@rule("guideline", "keep")
def checklist(request: HttpRequest) -> HttpResponse:
    """Every section in which something is ticked, what is open in it, and subscriptions."""
    context = {"rows": my_checklist(request.user), "subscriptions": my_subscriptions(request.user)}
    return render(request, "guidelines/checklist.html", context)


@rule("guideline", "keep")
@require_POST
def tick(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """Keep which steps of one text are done."""
    version = get_object_or_404(
        SectionVersion.objects.published().select_related("edition"),
        section=pk, edition__number=number, edition__publication__language="ja",
    )  # fmt: skip
    services.set_ticks(request.user, version, set(request.POST.getlist("done")))  # type: ignore[arg-type]
    return redirect(f"{Section(pk=pk).get_absolute_url()}#checklist")


@rule("guideline", "keep")
def ticks(request: HttpRequest) -> HttpResponse:
    """All ticks as JSON; a POST takes over what was ticked in the browser before signing in."""
    if request.method == "POST":
        try:
            services.add_ticks(request.user, _read(request.body))  # type: ignore[arg-type]
        except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
            raise Refused("unreadable") from error
    return JsonResponse({"ticks": ticks_of(request.user)})


def _read(body: bytes) -> set[tuple[str, str, int]]:
    """[["section", "item", rev], …]. Raises ValueError, TypeError, ArithmeticError, RecursionError."""
    rows: Any = json.loads(body)
    if not isinstance(rows, list) or len(rows) > MOST_TICKS:
        raise ValueError("too many")
    found = set()
    for section, item, rev in rows:
        ids_fit = _ID.fullmatch(str(section)) and _ID.fullmatch(str(item))
        if not ids_fit or isinstance(rev, float) or not 0 < int(rev) < 1000:
            raise ValueError("not a tick")
        found.add((str(section), str(item), int(rev)))
    return found


def _address(text: str) -> str:
    """Part of an address of ours. Raises Http404 for anything else."""
    if not _SLUG.fullmatch(text):
        raise Http404
    return text


@rule("guideline", "keep")
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Begin or end a subscription: to a section, a publication, or by the firm's profile."""
    section = publication = None
    if pk := request.POST.get("section"):
        published = Section.objects.filter(versions__in=SectionVersion.objects.published())
        section = get_object_or_404(published.distinct(), pk=_address(pk))
    elif slug := request.POST.get("publication"):
        editions = Edition.objects.published()
        publication = get_object_or_404(
            Publication.objects.filter(editions__in=editions).distinct(),
            slug=_address(slug), language="ja",
        )  # fmt: skip
    act = services.unsubscribe if request.POST.get("end") else services.subscribe
    act(request.user, section=section, publication=publication)  # type: ignore[arg-type]
    if section is not None:
        return redirect(section)
    if publication is not None:
        return redirect("guidelines:changes", slug=publication.slug)
    return redirect("guidelines:checklist")
