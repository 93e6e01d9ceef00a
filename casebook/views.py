"""Pages of the casebook."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from casebook.forms import CaseFilterForm
from casebook.models import LeakCase
from common.policy import rule, visible_or_404

PAGE_SIZE = 20


@rule("leak_case", "read")
def case_list(request: HttpRequest) -> HttpResponse:
    """Released cases, newest first, filtered by how they leaked and by industry."""
    filters = CaseFilterForm(request.GET)
    cases = filters.narrow(LeakCase.objects.visible_to(request.user)).newest_first()
    page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "casebook/list.html", {"filters": filters, "page_obj": page})


@rule("leak_case", "read")
def detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """One case."""
    case = visible_or_404(LeakCase.objects.visible_to(request.user), request.user, "read", pk=pk)
    return render(request, "casebook/detail.html", {"case": case})
