"""Home, first hour, help and search: pages that need no account."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from common import search
from common.policy import rule
from portal.forms import SearchForm

PAGE_SIZE = 20


@rule("page", "read")
def home(request: HttpRequest) -> HttpResponse:
    """Three doors and one search."""
    return render(request, "portal/home.html")


@rule("page", "read")
def urgent(request: HttpRequest) -> HttpResponse:
    """What to do in the first hour of a leak."""
    return render(request, "portal/urgent.html")


@rule("page", "read")
def help_page(request: HttpRequest) -> HttpResponse:
    """How the portal works and what it keeps."""
    return render(request, "portal/help.html")


@rule("search", "read")
def search_page(request: HttpRequest) -> HttpResponse:
    """Guidelines, cases and seminars by words; a question is never logged."""
    form = SearchForm(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {"q": "", "page": 1}
    start = (asked["page"] - 1) * PAGE_SIZE
    hits, total = search.find(
        asked["q"], language=get_language() or "ja", limit=PAGE_SIZE, offset=start
    )
    context = {"form": form, "q": asked["q"], "hits": hits, "total": total, "page": asked["page"]}
    context["next_page"] = asked["page"] + 1 if start + PAGE_SIZE < total else None
    return render(request, "portal/search.html", context)
