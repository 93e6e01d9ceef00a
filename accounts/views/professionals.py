"""The secretariat's page of experts, staff, partners and auditors."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import services
from accounts.forms import InviteProfessionalForm
from accounts.models import Invitation, User, signed_in
from common.errors import Refused
from common.policy import Role, rule, visible_or_404


@rule("professional", "list")
def professional_list(request: HttpRequest) -> HttpResponse:
    """Everybody in a professional role, and the invitations that wait."""
    people = User.objects.visible_to(request.user).professionals().for_list()
    waiting = Invitation.objects.visible_to(request.user).for_professionals().waiting()
    context = {"people": people, "invitations": waiting}
    return render(request, "accounts/professionals.html", context)


@rule("professional", "invite")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite an address into a role."""
    form = InviteProfessionalForm(request.POST or None)
    if form.is_valid():
        email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
        try:
            services.invite_professional(email=email, role=role, actor=signed_in(request))
        except Refused as error:
            form.add_error("email", error.message)
        else:
            messages.success(request, _("招待のメールを送りました。"))
            return redirect("accounts:professionals")
    return render(request, "accounts/invite_professional.html", {"form": form})


@rule("user", "close")
@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a professional's access at once."""
    people = User.objects.visible_to(request.user).professionals()
    person = visible_or_404(people, request.user, "close", pk=pk)
    try:
        services.close_account(person, actor=signed_in(request))
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("アカウントを停止しました。"))
    return redirect("accounts:professionals")


@rule("user", "close")
@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a professional in again."""
    people = User.objects.visible_to(request.user).professionals()
    person = visible_or_404(people, request.user, "close", pk=pk)
    services.reopen_account(person, actor=signed_in(request))
    messages.success(request, _("アカウントの停止を解きました。"))
    return redirect("accounts:professionals")
