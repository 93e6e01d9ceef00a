"""Refuses every view that declares no rule, and every role that the rule leaves out."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from common.policy.enums import Role
from common.policy.table import may, role_of, rule_of

logger = logging.getLogger(__name__)


class PolicyMiddleware:
    """Default deny: no rule, no answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let the request through only where the table has a row for this role."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        rule = rule_of(view, name)
        if rule is None:
            logger.error("view without a rule", extra={"view": name})
            raise PermissionDenied
        role = role_of(request.user)
        if may(role, *rule):
            return None
        if role is not Role.VISITOR:
            raise PermissionDenied
        if request.method == "POST":
            return session_ended(request)
        return redirect_to_login(request.get_full_path())


def session_ended(request: HttpRequest) -> HttpResponse:
    """Give the typed text back to the person whose session ended while typing, ready to be sent."""
    context = {"typed": typed_in(request), "again": _sent_from_here(request)}
    return render(request, "errors/session_ended.html", context, status=401)


def _sent_from_here(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form of our own, to be sent once more; empty where another site sent them.

    Files and passwords cannot be sent again without the person.
    """
    ours = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("Origin") != ours or request.FILES:
        return []
    if any("password" in name for name in request.POST):
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]


#: Fields that hold no text of the person's, or none to show.
_HIDDEN = ("csrfmiddlewaretoken", "password", "token", "version", "draft_version")


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """What a person sent, to be given back where it was not kept."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if value.strip() and not name.startswith(_HIDDEN)
    ]
