"""Ticks on checklists and subscriptions; the reader's own list of steps."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from common.errors import Refused
from common.policy import rule
from guidelines import services
from guidelines.models import Publication, Section, SectionVersion
from guidelines.reports.checklists import my_checklist, my_subscriptions, ticks_of

#: Steps that a browser may hand over at once.
MOST_TICKS = 500


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
        except (ValueError, TypeError, KeyError) as error:
            raise Refused("unreadable") from error
    return JsonResponse({"ticks": ticks_of(request.user)})


def _read(body: bytes) -> set[tuple[str, str, int]]:
    """[["section", "item", rev], …]. Raises ValueError, TypeError."""
    rows: Any = json.loads(body)
    if not isinstance(rows, list) or len(rows) > MOST_TICKS:
        raise ValueError("too many")
    found = set()
    for section, item, rev in rows:
        if len(str(section)) > 12 or len(str(item)) > 10 or not 0 < int(rev) < 1000:
            raise ValueError("not a tick")
        found.add((str(section), str(item), int(rev)))
    return found


@rule("guideline", "keep")
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Begin or end a subscription: to a section, a publication, or by the firm's profile."""
    section = publication = None
    if request.POST.get("section"):
        section = get_object_or_404(Section, pk=request.POST["section"])
    elif request.POST.get("publication"):
        publication = get_object_or_404(
            Publication, slug=request.POST["publication"], language="ja"
        )
    act = services.unsubscribe if request.POST.get("end") else services.subscribe
    act(request.user, section=section, publication=publication)  # type: ignore[arg-type]
    if section is not None:
        return redirect(section)
    if publication is not None:
        return redirect("guidelines:changes", slug=publication.slug)
    return redirect("guidelines:checklist")
