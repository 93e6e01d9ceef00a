"""Lists of cases, one case, its messages and files, and its end."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import signed_in
from common import uploads
from common.policy import can, may, role_of, rule, visible_or_404
from consultations import services
from consultations.forms import CaseFilterForm, MessageForm
from consultations.models import Attachment, Consultation
from consultations.reports import lines_of, view_of
from consultations.views import answers_conflicts, case_for


@rule("consultation", "list")
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases this person can see, newest first."""
    filters = CaseFilterForm(request.GET)
    visible = Consultation.objects.visible_to(request.user)
    cases = filters.narrow(visible).with_keys().newest_first()
    page = Paginator(cases, 20).get_page(request.GET.get("page"))
    context = {"page_obj": page, "lines": lines_of(page, request.user), "filters": filters}
    context["may_file"] = bool(may(role_of(request.user), "consultation", "file"))
    return render(request, "consultations/list.html", context)


def _show(request: HttpRequest, case: Consultation, form: MessageForm) -> HttpResponse:
    """The case's page; that the content was shown is noted."""
    if can(request.user, "read", case):
        services.read_content(case, by=signed_in(request))
    context = {"case": case, "shown": view_of(case, request.user), "form": form}
    return render(request, "consultations/detail.html", context)


@rule("consultation", "see")
def detail(request: HttpRequest, ref: str) -> HttpResponse:
    """Status for all who see the case; content for those who may read it."""
    case = case_for(request, "see", ref)
    return _show(request, case, MessageForm(initial={"token": uuid.uuid4()}))


@require_POST
@rule("consultation", "reply")
@answers_conflicts
def send(request: HttpRequest, ref: str) -> HttpResponse:
    """Send a message with, if wanted, a file."""
    case = case_for(request, "reply", ref)
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, case, form)
    data = form.cleaned_data
    try:
        services.send_message(
            case, data["body"], by=signed_in(request), token=data["token"],
            asks_reply=data["asks_reply"], files=form.judged_files(),
        )  # fmt: skip
    except uploads.UploadRefused as refused:
        form.add_error("file", refused)
        return _show(request, case, form)
    messages.success(request, _("メッセージを送りました。"))
    return redirect("consultations:detail", ref=case.ref)


@require_POST
@rule("consultation", "share")
def share(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the case to colleagues, or no longer."""
    case = case_for(request, "share", ref)
    shared = request.POST.get("shared") == "1"
    services.set_sharing(case, by=signed_in(request), shared=shared)
    return redirect("consultations:detail", ref=case.ref)


@require_POST
@rule("consultation", "withdraw")
@answers_conflicts
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    """End the case at the firm's wish."""
    case = case_for(request, "withdraw", ref)
    services.withdraw_consultation(case, by=signed_in(request))
    messages.success(request, _("相談を取り下げました。"))
    return redirect("consultations:detail", ref=case.ref)


@require_POST
@rule("consultation", "close")
@answers_conflicts
def close(request: HttpRequest, ref: str) -> HttpResponse:
    """End an answered case."""
    case = case_for(request, "close", ref)
    services.close_consultation(case, by=signed_in(request))
    messages.success(request, _("相談を終了しました。"))
    return redirect("consultations:list")


@rule("consultation", "read")
def attachment(request: HttpRequest, ref: str, pk: Any) -> HttpResponseBase:
    """A scanned file, to be saved."""
    case = case_for(request, "read", ref)
    file: Attachment = visible_or_404(Attachment.objects.of_case(case), request.user, "read", pk=pk)
    if not uploads.may_serve(file):
        raise PermissionDenied
    content = uploads.read_proved(file)
    services.note_download(file, by=signed_in(request))
    return uploads.response(file, content)
