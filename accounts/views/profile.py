"""One's own name, reading and language."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import services
from accounts.forms import ProfileForm
from accounts.models import signed_in
from common.policy import rule


@rule("profile", "change")
def profile(request: HttpRequest) -> HttpResponse:
    """Change one's particulars; the page goes on in the chosen language."""
    form = ProfileForm(request.POST or None, user=signed_in(request))
    if form.is_valid():
        services.change_profile(signed_in(request), **form.cleaned_data)
        with override(signed_in(request).language):
            messages.success(request, _("保存しました。"))
        page = translate_url(reverse("accounts:profile"), signed_in(request).language)
        return HttpResponseRedirect(page)
    return render(request, "accounts/profile.html", {"form": form})
