"""Pages of seminars: list, one, registering, one's own registration."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.errors import Refused
from common.policy import rule, visible_or_404
from seminars import services
from seminars.forms import RegistrationForm
from seminars.models import Seminar


@rule("seminar", "read")
def seminar_list(request: HttpRequest) -> HttpResponse:
    """Upcoming seminars."""
    upcoming = Seminar.objects.visible_to(request.user).upcoming()[:50]
    return render(request, "seminars/list.html", {"seminars": list(upcoming)})


def _seminar(request: HttpRequest, verb: str, pk: int) -> Seminar:
    return visible_or_404(Seminar.objects.visible_to(request.user), request.user, verb, pk=pk)


@rule("seminar", "read")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One seminar."""
    return render(request, "seminars/detail.html", {"seminar": _seminar(request, "read", pk)})


@rule("seminar", "register")
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Book a seat; a refusal stands in the form, with what was typed."""
    seminar = _seminar(request, "register", pk)
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            booked = services.register(seminar, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            return redirect(services.own_url(booked))
    return render(request, "seminars/register.html", {"seminar": seminar, "form": form})


@rule("seminar", "cancel")
def registration(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The receipt behind the mailed link; cancelling gives the seat back."""
    found = services.registration_of(token)
    if found is None or found.seminar_id != pk:
        raise Http404
    if request.method == "POST":
        services.cancel(found)
        messages.success(request, _("申し込みを取り消しました。"))
        return redirect(request.path)
    context = {"seminar": found.seminar, "registration": found}
    return render(request, "seminars/registration.html", context)
