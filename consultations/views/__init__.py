"""Pages of consultations."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.errors import Conflict, Refused
from common.policy import visible_or_404
from consultations.models import Consultation


def case_for(request: HttpRequest, verb: str, ref: str) -> Consultation:
    """The case of this number, if this person may do this: else 404 or 403."""
    visible = Consultation.objects.visible_to(request.user).with_keys()
    return visible_or_404(visible, request.user, verb, ref=ref.upper())


def answers_conflicts(view: Any) -> Any:
    """Give 409 with a plain page where a service refuses or somebody else saved first."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = view(request, *args, **kwargs)
        except Conflict as conflict:
            context = {"mine": conflict.mine, "theirs": conflict.theirs, "back": request.path}
            return render(request, "409.html", context, status=409)
        except Refused as refused:
            context = {"message": refused.message, "back": request.path}
            return render(request, "409.html", context, status=409)
        return answer

    return answering


__all__ = ["answers_conflicts", "case_for"]
