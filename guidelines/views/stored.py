"""The page of an edition in force, for visitors: made once, kept by each process, one query a request."""

from collections import OrderedDict

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from guidelines.forms import OnDateForm
from guidelines.models import Edition
from guidelines.reports.history import history_of
from guidelines.reports.reading import known_language

#: Pages that one process keeps; each some tens of kilobytes.
KEPT = 64
_pages: "OrderedDict[tuple[str, ...], bytes]" = OrderedDict()


def stored_page(request: HttpRequest, slug: str) -> HttpResponse | None:
    """The whole page as bytes, or None where it is personal or there is nothing in force.

    One query asks which edition is in force; everything else depends on its hash, the day and the
    language alone. Whoever has a session gets the page with their own navigation instead.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES or request.method not in ("GET", "HEAD"):
        return None
    found = _in_force(slug)
    if found is None:
        return None
    edition, original = found
    key = (
        slug, get_language() or "ja", edition.sha256, original.sha256, f"{timezone.localdate()}",
        request.get_host(),
    )  # fmt: skip
    etag = f'W/"{edition.etag}-{original.etag[:8]}-{key[1]}-{key[4]}"'
    if request.headers.get("If-None-Match") == etag:
        return _answer(HttpResponseNotModified(), etag)
    if key not in _pages:
        _pages[key] = _rendered(request, edition, original)
        if len(_pages) > KEPT:
            _pages.popitem(last=False)
    return _answer(HttpResponse(_pages[key], content_type="text/html; charset=utf-8"), etag)


def _answer(response: HttpResponse, etag: str) -> HttpResponse:
    response.headers["ETag"] = etag
    # May be kept, but must be asked for each time: an edition can come into force at midnight.
    response.headers["Cache-Control"] = "no-cache, public"
    response.headers["Vary"] = "Cookie"
    return response


def _in_force(slug: str) -> tuple[Edition, Edition] | None:
    """(edition to show, Japanese edition in force); one query."""
    language = known_language(get_language())
    rows = list(
        Edition.objects.published()
        .filter(publication__slug=slug, publication__language__in={"ja", language})
        .filter(effective_on__lte=timezone.localdate())
        .defer("chapters", "sources")
        .order_by("-effective_on", "-number")
    )
    originals = [e for e in rows if e.publication.language == "ja"]
    if not originals:
        return None
    original = originals[0]
    twins = [e for e in rows if e.publication.language == language and e.number <= original.number]
    return (twins[0] if twins else original), original


def _rendered(request: HttpRequest, edition: Edition, original: Edition) -> bytes:
    full = Edition.objects.select_related("publication", "page").get(pk=edition.pk)
    context = {
        "edition": full, "original": original, "form": OnDateForm(), "on": None,
        **history_of(full, original),
    }  # fmt: skip
    return render_to_string("guidelines/detail.html", context, request).encode()
