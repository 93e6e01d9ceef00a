"""Where each person starts: cards that the apps offer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

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
