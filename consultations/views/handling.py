"""The secretariat's pages, and the expert's declaration."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import signed_in
from common.policy import rule
from consultations import services
from consultations.forms import AssignForm, DisclosureForm, OfferForm, TriageForm
from consultations.views import answers_conflicts, case_for


@rule("consultation", "triage")
@answers_conflicts
def triage(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a case in."""
    case = case_for(request, "triage", ref)
    initial = {"category": case.category, "urgency": case.urgency}
    form = TriageForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.begin_triage(case, by=signed_in(request), **form.cleaned_data)
        return redirect("consultations:assign", ref=case.ref)
    return render(request, "consultations/triage.html", {"case": case, "form": form})


@rule("consultation", "assign")
@answers_conflicts
def assign(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask an expert."""
    case = case_for(request, "assign", ref)
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        expert, duty = form.cleaned_data["expert"], form.cleaned_data["duty"]
        services.assign_expert(case, expert, duty=duty, by=signed_in(request))
        messages.success(request, _("専門家に打診しました。"))
        return redirect("consultations:detail", ref=case.ref)
    return render(request, "consultations/assign.html", {"case": case, "form": form})


@rule("consultation", "answer_offer")
@answers_conflicts
def offer(request: HttpRequest, ref: str) -> HttpResponse:
    """Names only, to check for a conflict of interest; content comes after the declaration."""
    case = case_for(request, "answer_offer", ref)
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accepts = form.cleaned_data["answer"] == "accept"
        services.answer_offer(case, by=signed_in(request), accepts=accepts)
        return (
            redirect("consultations:detail", ref=case.ref) if accepts else redirect("portal:start")
        )
    services.read_names(case, by=signed_in(request))
    context = {"case": case, "form": form, "parties": case.answers.get("parties", "")}
    return render(request, "consultations/offer.html", context)


@rule("consultation", "disclose")
def disclose(request: HttpRequest, ref: str) -> HttpResponse:
    """Open the content for a reason that the firm sees."""
    case = case_for(request, "disclose", ref)
    form = DisclosureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.disclose(case, by=signed_in(request), **form.cleaned_data)
        return redirect("consultations:detail", ref=case.ref)
    return render(request, "consultations/disclose.html", {"case": case, "form": form})
