"""What the desk answers where a service refuses: why, the typed text, and a page that can be opened."""

import re
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common.errors import Conflict, Refused
from common.policy.middleware import typed_in
from guidelines.models import Edition, SectionVersion

#: Ids, choices, numbers and days: nobody has to write them again.
_CODE = re.compile(r"[0-9A-Za-z_:./-]{0,40}")


def answers_refusals(view: Any) -> Any:
    """Give 409 with both texts, or with the reason and what was typed."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = view(request, *args, **kwargs)
        except Conflict as conflict:
            context: dict[str, Any] = {"mine": conflict.mine, "theirs": conflict.theirs}
            return render(request, "409.html", context | {"back": request.path}, status=409)
        except Refused as refused:
            typed = [text for _name, text in typed_in(request) if not _CODE.fullmatch(text)]
            context = {
                "message": refused.message,
                "typed": typed,
                "back": _back(view.__name__, **kwargs),
            }
            return render(request, "409.html", context, status=409)
        return answer

    return answering


def _back(view: str, pk: int, section: str = "") -> str:
    """The section's page, else the draft's, else the desk: whichever there still is."""
    if view == "begin":  # whose `pk` is a publication's
        return reverse("guidelines:desk")
    versions = SectionVersion.objects.filter(edition=pk, section=section)
    if section and versions.exclude(edition__state="published").exists():
        return reverse("guidelines:desk-section", args=[pk, section])
    if Edition.objects.unpublished().filter(pk=pk).exists():
        return reverse("guidelines:desk-draft", args=[pk])
    return reverse("guidelines:desk")
