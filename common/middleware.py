"""Request ids, security headers on every answer, and plain answers to what no page can take."""

import logging
import re
import uuid
from collections.abc import Callable
from email.message import Message

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from common import audit
from common.enums import AuditKind
from common.errors import Conflict, Refused
from common.request_context import RequestContext, client_address, current
from common.uploads import FileLost
from common.vault import KeyDestroyed, VaultError

logger = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponseBase]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class RequestContextMiddleware:
    """Gives each request an id; keeps only a keyed digest of where it came from."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = client_address(request)
        network = salted_hmac("common.network", address).hexdigest()[:16] if address else ""
        token = current.set(RequestContext(uuid.uuid4().hex, network))
        try:
            return self.get_response(request)
        finally:
            current.reset(token)


class SecurityHeadersMiddleware:
    """Sets the headers on every answer, static files and error pages included."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        is_file = request.path.startswith(settings.STATIC_URL) and response.status_code < 400
        if not is_file:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class PlainInputMiddleware:
    """Answers 400 to a charset other than UTF-8 and to NUL in an address.

    Django answers both with 500, the one inside its CSRF check, the other from the database. Stands
    below the middleware that chooses the language, so that the page is in the reader's.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._unreadable(request):
            return self._refuse(request)
        return self.get_response(request)

    def _unreadable(self, request: HttpRequest) -> bool:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return True
        kind = Message()
        kind["content-type"] = request.META.get("CONTENT_TYPE", "")
        charset = kind.get_param("charset")
        return isinstance(charset, str) and not re.fullmatch(r"(?i)utf-?8|us-ascii", charset)

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        return render(request, "400.html", status=400)


class ConflictMiddleware:
    """Answers 409 where a service refuses or somebody else saved first; both texts are shown."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Everything else goes on to Django."""
        if isinstance(error, Conflict):
            context = {"mine": error.mine, "theirs": error.theirs, "back": request.path}
        elif isinstance(error, Refused):
            context = {"message": error.message, "back": request.path}
        else:
            return None
        return render(request, "409.html", context, status=409)


class DamageMiddleware:
    """Answers plainly where sealed content cannot be opened; nothing of it is shown, and it is noted.

    409, and 410 for what was erased on purpose: asking again gives the same, and no other page fails.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Everything else goes on to Django."""
        if isinstance(error, KeyDestroyed):
            return render(request, "errors/unreadable.html", {"gone": True}, status=410)
        if not isinstance(error, VaultError | FileLost):
            return None
        match = request.resolver_match
        view = match.view_name if match else ""
        logger.error("sealed content refused", extra={"view": view, "code": type(error).__name__})
        audit.record(AuditKind.CONTENT_REFUSED, actor=request.user, view=view)
        return render(request, "errors/unreadable.html", status=409)


class MethodPageMiddleware:
    """Gives the bare answer to a wrong method (405) a page: a reloaded address of a form, mostly."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page
