"""Filing a consultation: three pages, a check of the answers, a receipt number."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import signed_in
from common.errors import Conflict, Refused
from common.policy import rule, visible_or_404
from consultations import services
from consultations.enums import Category
from consultations.errors import DraftIncomplete
from consultations.forms import PAGES, IntakePage
from consultations.models import Consultation, Draft
from consultations.views import answers_conflicts

#: Far more than anybody keeps; what lies beyond is older still.
DRAFTS_SHOWN = 100


def _draft(request: HttpRequest, verb: str, pk: Any) -> Draft:
    visible = Draft.objects.visible_to(request.user).select_related("vault_key")
    return visible_or_404(visible, request.user, verb, pk=pk)


def _form(draft: Draft, number: int, data: Any = None) -> IntakePage:
    """The page's form: with what was sent, else with what was saved."""
    if number not in PAGES:
        raise Http404
    return PAGES[number](data, initial=draft.answers)


@rule("consultation", "file")
def begin(request: HttpRequest) -> HttpResponse:
    """What to know before filing; drafts that wait; a new draft."""
    if signed_in(request).organisation is None:
        messages.info(request, _("ご相談の前に、企業の情報を登録してください。"))
        return redirect("accounts:new_organisation")
    if request.method == "POST":
        category = request.GET.get("category", "")
        first = {"category": category} if category in Category.values else {}
        draft = services.start_draft(signed_in(request), first=first)
        return redirect("consultations:page", pk=draft.pk, page=1)
    drafts = Draft.objects.visible_to(request.user).select_related("vault_key").latest_first()
    return render(request, "consultations/begin.html", {"drafts": drafts[:DRAFTS_SHOWN]})


@rule("draft", "change")
@answers_conflicts
def page(request: HttpRequest, pk: Any, page: int) -> HttpResponse:
    """One page of intake; what is right or wrong is shown beside the field."""
    draft = _draft(request, "change", pk)
    form = _form(draft, page, request.POST or None)
    if "back" in request.POST and page > 1:
        _keep(request, draft, form, page)
        return redirect("consultations:page", pk=draft.pk, page=page - 1)
    if request.method == "POST" and form.is_valid():
        services.save_draft(
            draft, form.cleaned_data, version=_version(request, draft), page=page, done=True
        )
        forward = redirect("consultations:page", pk=draft.pk, page=page + 1)
        return forward if page < len(PAGES) else redirect("consultations:check", pk=draft.pk)
    context = {"draft": draft, "form": form, "page": page, "pages": len(PAGES)}
    context["heading"] = form.heading
    return render(request, "consultations/page.html", context)


def _version(request: HttpRequest, draft: Draft) -> int:
    """The version that the form was filled from."""
    value = request.POST.get("draft_version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else draft.version


def _keep(request: HttpRequest, draft: Draft, form: IntakePage, page: int) -> Draft:
    """What is typed so far, wrong or not. Raises Conflict, Refused."""
    return services.save_draft(
        draft, form.typed(), version=_version(request, draft), page=page,
        done=None if form.is_valid() else False,
    )  # fmt: skip


@require_POST
@rule("draft", "change")
def autosave(request: HttpRequest, pk: Any, page: int) -> JsonResponse:
    """Keep what is typed so far, wrong or not, without going on."""
    draft = _draft(request, "change", pk)
    form = _form(draft, page, request.POST)
    try:
        saved = _keep(request, draft, form, page)
    except (Conflict, Refused):
        return JsonResponse({"error": "conflict"}, status=409)
    return JsonResponse({"saved_at": saved.saved_at.isoformat(), "version": saved.version})


@rule("draft", "change")
@answers_conflicts
def check(request: HttpRequest, pk: Any) -> HttpResponse:
    """All answers at a glance; sending makes the case, once."""
    try:
        draft = _draft(request, "change", pk)
    except Http404:
        # Only now: what was sent a moment ago is no draft any more.
        filed = Consultation.objects.visible_to(request.user).filed_from(pk)
        if filed is None:
            raise
        return redirect("consultations:detail", ref=filed.ref)
    if request.method == "POST":
        try:
            case = services.file_consultation(draft, by=signed_in(request))
        except DraftIncomplete as missing:
            return redirect("consultations:page", pk=draft.pk, page=missing.page)
        messages.success(request, _("ご相談を受け付けました。"))
        return redirect("consultations:detail", ref=case.ref)
    return render(request, "consultations/check.html", _overview(draft))


def _overview(draft: Draft) -> dict[str, Any]:
    """Each page's number, heading, answers, and whether it was filled in."""
    done = draft.answers.get("pages_done", [])
    forms = [(number, _form(draft, number)) for number in PAGES]
    pages = [(number, form.heading, form.rows(), number in done) for number, form in forms]
    missing = sorted(set(PAGES) - set(done))
    return {
        "draft": draft, "pages": pages, "ready": not missing,
        "next_page": missing[0] if missing else None,
    }  # fmt: skip


@require_POST
@rule("draft", "change")
@answers_conflicts
def discard(request: HttpRequest, pk: Any) -> HttpResponse:
    """Throw the draft away."""
    services.discard_draft(_draft(request, "change", pk))
    messages.success(request, _("下書きを捨てました。"))
    return redirect("consultations:new")
