"""Ends sessions at their limits, and lets no professional past without a second factor."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from accounts import services

Handler = Callable[[HttpRequest], HttpResponseBase]


class SessionLimitsMiddleware:
    """Ends a session that is too old or too long idle, and that of a closed account."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            if services.session_overdue(request.session, request.user):
                services.expire_session(request.session, request.user)
                request.user = AnonymousUser()
            else:
                services.note_activity(request.session)
        elif SESSION_KEY in request.session:
            # The account was closed after this session began.
            request.session.flush()
        return self.get_response(request)


#: Address names that a professional reaches before the second factor is proved.
ALWAYS = frozenset({"account_logout", "set_language"})
PROOF = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
SETUP = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "account_reauthenticate",
    }
)


class SecondFactorMiddleware:
    """Sends a professional to set up a second factor, or to prove it in this very session.

    A session that began by password alone, before the second factor was set up elsewhere, has to
    prove it too.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let the request through, or send it to the page that is missing."""
        user = request.user
        if not user.is_authenticated or not user.is_professional:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if _proved(request):
            return _keep_last(request, kwargs["pk"]) if name == "mfa_remove_webauthn" else None
        types = set(Authenticator.objects.filter(user=user.pk).values_list("type", flat=True))
        types.discard(Authenticator.Type.RECOVERY_CODES)
        if name in ALWAYS or name in (PROOF if types else SETUP):
            return None
        if not types:
            return HttpResponseRedirect(reverse("mfa_index"))
        by_code = Authenticator.Type.TOTP in types
        page = reverse("mfa_reauthenticate" if by_code else "mfa_reauthenticate_webauthn")
        back = request.get_full_path() if request.method == "GET" else reverse("portal:start")
        return HttpResponseRedirect(f"{page}?{urlencode({'next': back})}")


def _keep_last(request: HttpRequest, number: int) -> HttpResponse | None:
    """Refuse to remove a professional's last second factor, which the package's page would do."""
    factors = Authenticator.objects.filter(user=request.user.pk)
    factors = factors.exclude(type=Authenticator.Type.RECOVERY_CODES)
    if not factors.filter(pk=number).exists() or factors.count() > 1:
        return None
    words = get_adapter().error_messages["cannot_delete_authenticator"]
    messages.error(request, words)
    return HttpResponseRedirect(reverse("mfa_list_webauthn"))


def _proved(request: HttpRequest) -> bool:
    """Whether a second factor was used in this session."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)
