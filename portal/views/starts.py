"""Where each person starts: cards that the apps offer."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from common import audit
from common.audit.models import AuditEvent
from common.dashboard import cards_for
from common.policy import role_of, rule
from portal.context import START


@rule("start", "read")
def start(request: HttpRequest) -> HttpResponse:
    """On to the start page of this person's role."""
    return redirect(START[role_of(request.user)])


def _page(request: HttpRequest, template: str) -> HttpResponse:
    cards = cards_for(request.user, role_of(request.user))
    return render(request, template, {"cards": cards})


@rule("firm_start", "read")
def my(request: HttpRequest) -> HttpResponse:
    """A firm's start page."""
    return _page(request, "portal/my.html")


@rule("expert_start", "read")
def expert(request: HttpRequest) -> HttpResponse:
    """An expert's start page."""
    return _page(request, "portal/expert.html")


@rule("staff_start", "read")
def staff(request: HttpRequest) -> HttpResponse:
    """The secretariat's start page."""
    return _page(request, "portal/staff.html")


@rule("partner_start", "read")
def partner(request: HttpRequest) -> HttpResponse:
    """A partner counsellor's start page."""
    return _page(request, "portal/partner.html")


@rule("audit_log", "read")
def audit_log(request: HttpRequest) -> HttpResponse:
    """The audit log, newest first: verbs and numbers, no content. Reading it is an event too."""
    events = Paginator(AuditEvent.objects.order_by("-seq"), 50)
    page = events.get_page(request.GET.get("page"))
    rows = [(event, audit.REGISTERED.get(event.verb, event.verb)) for event in page]
    audit.record("audit.read", actor=request.user, page=page.number)
    return render(request, "portal/audit.html", {"page_obj": page, "rows": rows})
