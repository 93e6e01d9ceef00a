"""One's firm: registering it, seeing it, changing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import services
from accounts.errors import AlreadyInOrganisation
from accounts.forms import OrganisationForm
from accounts.models import Organisation, signed_in
from common.policy import rule, visible_or_404


@rule("own_organisation", "read")
def organisation(request: HttpRequest) -> HttpResponse:
    """The firm one acts for; without one, the form to register it."""
    own = signed_in(request).organisation
    if own is None:
        return redirect("accounts:new_organisation")
    firm = visible_or_404(
        Organisation.objects.visible_to(request.user), request.user, "read",
        pk=own.pk,
    )  # fmt: skip
    bases = firm.bases.select_related("organisation__vault_key")
    return render(request, "accounts/organisation.html", {"organisation": firm, "bases": bases})


@rule("organisation", "create")
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Register the firm."""
    if signed_in(request).organisation is not None:
        return redirect("accounts:organisation")
    form = OrganisationForm(request.POST or None)
    if form.can_be_saved():
        try:
            services.register_organisation(form.details(), actor=signed_in(request))
        except AlreadyInOrganisation as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("企業を登録しました。"))
        return redirect("accounts:organisation")
    return render(request, "accounts/organisation_form.html", {"form": form})


@rule("organisation", "change")
def edit_organisation(request: HttpRequest) -> HttpResponse:
    """Change what is known of the firm."""
    firm = visible_or_404(
        Organisation.objects.visible_to(request.user).select_related("vault_key"),
        request.user, "change",
    )  # fmt: skip
    form = OrganisationForm(request.POST or None, organisation=firm)
    if form.can_be_saved():
        services.change_organisation(firm, form.details(), actor=signed_in(request))
        messages.success(request, _("企業の情報を保存しました。"))
        return redirect("accounts:organisation")
    return render(request, "accounts/organisation_form.html", {"form": form, "organisation": firm})
