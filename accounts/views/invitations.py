"""Withdrawing and accepting invitations."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import services
from accounts.forms import JoinForm
from accounts.models import Invitation, User, signed_in, token_digest
from common.errors import Refused
from common.policy import rule, visible_or_404


@rule("invitation", "withdraw")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an invitation useless."""
    invitation = visible_or_404(
        Invitation.objects.visible_to(request.user), request.user, "withdraw", pk=pk
    )
    try:
        services.withdraw_invitation(invitation, actor=signed_in(request))
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("招待を取り消しました。"))
    return redirect("accounts:members" if invitation.organisation_id else "accounts:professionals")


@rule("invitation", "accept")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """What the mail's link opens: whoever holds it may see who invites, and join."""
    found = Invitation.objects.filter(digest=token_digest(token))
    invitation = found.select_related("organisation__vault_key").first()
    if invitation is None:
        raise Http404
    if not invitation.is_open:
        return render(request, "accounts/invitation_closed.html", status=410)
    if request.user.is_authenticated:
        return _accept_signed_in(request, invitation)
    if User.objects.filter(email=invitation.email).exists():
        return render(request, "accounts/invitation_sign_in.html", {"invitation": invitation})
    return _join(request, invitation)


def _accept_signed_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Join with the account in use."""
    context = {"invitation": invitation, "fits": signed_in(request).email == invitation.email}
    if request.method == "POST":
        try:
            services.accept_invitation(invitation, user=signed_in(request))
        except Refused as error:
            context["refusal"] = error.message
            return render(request, "accounts/invitation.html", context, status=409)
        messages.success(request, _("参加しました。"))
        return redirect("portal:start")
    return render(request, "accounts/invitation.html", context)


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Make an account, join, and be signed in."""
    form = JoinForm(request.POST or None, email=invitation.email)
    if form.is_valid():
        try:
            user = services.join_by_invitation(
                invitation,
                name=form.cleaned_data["name"],
                kana=form.cleaned_data["kana"],
                password=form.cleaned_data["password1"],
                language=(get_language() or "ja")[:2],
            )
        except Refused as error:
            form.add_error(None, error.message)
        else:
            record_authentication(request, user, method="invitation")
            answer: HttpResponse = perform_login(request, Login(user=user, email=user.email))
            return answer
    return render(request, "accounts/join.html", {"form": form, "invitation": invitation})
