"""Where one is signed in."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import services
from accounts.models import signed_in
from accounts.reports import sessions_of
from common.policy import rule


@rule("session", "list")
def session_list(request: HttpRequest) -> HttpResponse:
    """All devices signed in with this account."""
    sessions = sessions_of(signed_in(request), request.session.session_key)
    return render(request, "accounts/sessions.html", {"sessions": sessions})


@rule("session", "end")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of them; the present one is a sign-out."""
    user_session = get_object_or_404(UserSession, user=signed_in(request), pk=pk)
    if user_session.session_key == request.session.session_key:
        logout(request)
        return redirect("portal:home")
    services.end_session(user_session, actor=signed_in(request))
    messages.success(request, _("その端末のログインを終了しました。"))
    return redirect("accounts:sessions")


@rule("session", "end")
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all but the present one."""
    keep = request.session.session_key
    services.end_sessions(signed_in(request), actor=signed_in(request), keep=keep)
    messages.success(request, _("ほかの端末のログインをすべて終了しました。"))
    return redirect("accounts:sessions")
