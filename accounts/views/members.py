"""Who belongs to one's firm."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import services
from accounts.forms import InviteMemberForm
from accounts.models import Invitation, Membership, Organisation, signed_in
from common.errors import Refused
from common.policy import rule, visible_or_404


@rule("membership", "list")
def member_list(request: HttpRequest) -> HttpResponse:
    """The firm's members, and for owners the invitations that wait."""
    if signed_in(request).organisation is None:
        return redirect("accounts:new_organisation")
    members = Membership.objects.visible_to(request.user).with_people()
    invitations = Invitation.objects.visible_to(request.user).waiting()
    return render(
        request, "accounts/members.html", {"members": members, "invitations": invitations}
    )


@rule("organisation", "invite")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a colleague."""
    firm = visible_or_404(Organisation.objects.visible_to(request.user), request.user, "invite")
    form = InviteMemberForm(request.POST or None)
    if form.is_valid():
        try:
            services.invite_member(firm, email=form.cleaned_data["email"], actor=signed_in(request))
        except Refused as error:
            form.add_error("email", error.message)
        else:
            messages.success(request, _("招待のメールを送りました。"))
            return redirect("accounts:members")
    return render(request, "accounts/invite_member.html", {"form": form})


@rule("membership", "remove")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then remove the member; or leave the firm oneself."""
    membership = visible_or_404(
        Membership.objects.visible_to(request.user).with_people(), request.user, "remove", pk=pk
    )
    if request.method == "POST":
        try:
            services.remove_member(membership, actor=signed_in(request))
        except Refused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("企業のメンバーから外しました。"))
        return redirect("accounts:members")
    return render(request, "accounts/remove_member.html", {"membership": membership})


@rule("membership", "promote")
@require_POST
def promote(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a member manage the firm too."""
    membership = visible_or_404(
        Membership.objects.visible_to(request.user), request.user, "promote", pk=pk
    )
    services.promote_member(membership, actor=signed_in(request))
    messages.success(request, _("企業の管理者に加えました。"))
    return redirect("accounts:members")
