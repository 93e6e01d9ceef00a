"""Error pages; each says what happened and what to do next."""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from common import audit
from common.enums import AuditKind
from common.policy.middleware import session_ended
from portal.context import languages


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    """Something arrived that cannot be read, or more than is taken."""
    status = 413 if isinstance(exception, RequestDataTooBig | TooManyFilesSent) else 400
    return render(request, f"{status}.html", status=status)


def forbidden(request: HttpRequest, exception: Any) -> HttpResponse:
    """Visible, but not allowed; who tries is noted."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        match = request.resolver_match
        view = match.view_name if match else ""
        audit.record(AuditKind.ACCESS_DENIED, actor=user, view=view)
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    """Not there, or not for this person: both look the same, to the last byte."""
    home = {"language_links": languages(reverse("portal:home"))}
    return render(request, "404.html", home, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault, or the database is away for a moment. Made without the database."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        answer = HttpResponse(render_to_string("503.html"), status=503)
        answer.headers["Retry-After"] = "30"
        return answer
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's mark is missing or old: the typed text is given back."""
    answer = session_ended(request)
    answer.status_code = 403
    return answer
