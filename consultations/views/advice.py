"""Writing, reviewing, issuing and fetching advice."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import signed_in
from common.policy import rule
from consultations import services
from consultations.forms import AdviceForm, ReturnForm
from consultations.models import AdviceCitation, AdviceReport, Consultation
from consultations.reports import progress_of
from consultations.reports.citations import outdated_citations
from consultations.views import answers_conflicts, case_for
from guidelines.reports import citable_sections


def _report(case: Consultation) -> AdviceReport:
    """The case's latest report; 404 where none was begun."""
    report: AdviceReport | None = AdviceReport.objects.latest_of(case)
    if report is None:
        raise Http404
    return report


@rule("consultation", "advise")
@answers_conflicts
def write(request: HttpRequest, ref: str) -> HttpResponse:
    """The report's sections."""
    case = case_for(request, "advise", ref)
    report = AdviceReport.objects.latest_of(case)
    form = AdviceForm(
        request.POST or None, initial=_initial(report), citable=citable_sections(on=_today())
    )
    if request.method == "POST" and form.is_valid():
        content = dict(form.cleaned_data)
        version, cited = content.pop("version"), content.pop("sections")
        services.save_advice(
            case, content, by=signed_in(request), version=version, cited=frozenset(cited)
        )
        messages.success(request, _("助言の下書きを保存しました。"))
        return redirect("consultations:advice", ref=case.ref)
    services.read_content(case, by=signed_in(request))
    outdated = outdated_citations([report]) if report is not None else []
    context = {"case": case, "form": form, "report": report, "outdated": outdated}
    return render(request, "consultations/advice.html", context)


def _initial(report: AdviceReport | None) -> dict[str, Any]:
    """The report as the form shows it."""
    if report is None:
        return {"version": 0}
    cited = AdviceCitation.objects.of(report).values_list("section_id", flat=True)
    content: dict[str, Any] = report.content
    return content | {"version": report.version, "sections": list(cited)}


def _today() -> date:
    return timezone.localdate()


@require_POST
@rule("consultation", "advise")
@answers_conflicts
def submit(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand the report to the reviewer."""
    case = case_for(request, "advise", ref)
    services.submit_advice(_report(case), by=signed_in(request))
    messages.success(request, _("査読に出しました。"))
    return redirect("consultations:detail", ref=case.ref)


@rule("consultation", "review")
@answers_conflicts
def review(request: HttpRequest, ref: str) -> HttpResponse:
    """Read the report; give it back with a comment, or approve it."""
    case = case_for(request, "review", ref)
    report = _report(case)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.return_advice(report, by=signed_in(request), **form.cleaned_data)
        return redirect("consultations:detail", ref=case.ref)
    services.read_content(case, by=signed_in(request))
    sections = AdviceForm(initial=report.content).rows()
    context = {"case": case, "form": form, "report": report, "sections": sections}
    return render(request, "consultations/review.html", context)


@require_POST
@rule("consultation", "review")
@answers_conflicts
def approve(request: HttpRequest, ref: str) -> HttpResponse:
    """Approve the report."""
    case = case_for(request, "review", ref)
    services.approve_advice(_report(case), by=signed_in(request))
    messages.success(request, _("助言書を承認しました。"))
    return redirect("consultations:detail", ref=case.ref)


@require_POST
@rule("consultation", "advise")
@answers_conflicts
def issue(request: HttpRequest, ref: str) -> HttpResponse:
    """Fix the report and have the PDF made."""
    case = case_for(request, "advise", ref)
    services.issue_advice(_report(case), by=signed_in(request))
    messages.success(request, _("発行しました。PDFを作っています。"))
    return redirect("consultations:detail", ref=case.ref)


@rule("consultation", "see_advice")
def status(request: HttpRequest, ref: str) -> JsonResponse:
    """How far the PDF is, for the progress display."""
    case = case_for(request, "see_advice", ref)
    report = AdviceReport.objects.latest_issued_of(case) or _report(case)
    return JsonResponse(progress_of(report))


@rule("consultation", "see_advice")
def pdf(request: HttpRequest, ref: str) -> HttpResponse:
    """The sealed PDF, once it is there."""
    case = case_for(request, "see_advice", ref)
    report = AdviceReport.objects.latest_issued_of(case)
    if report is None or not report.pdf_path:
        raise Http404
    content = services.fetch_pdf(report, by=signed_in(request))
    answer = HttpResponse(content, content_type="application/pdf")
    name = f"advice-{case.ref}-{report.number}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
