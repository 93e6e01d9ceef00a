"""Pages of consultations."""

import re
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common.errors import Conflict, Refused
from common.policy import visible_or_404
from common.policy.middleware import typed_in
from consultations.models import Consultation

#: A choice out of a list: nobody has to write it again.
_CODE = re.compile(r"[0-9A-Za-z_-]{1,40}")


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
            context: dict[str, Any] = {"mine": conflict.mine, "theirs": conflict.theirs}
            # A page with one form is opened again; a message's form stands on the case's page.
            form_page = request.path if view.__name__ in ("page", "write") else _back(kwargs)
            return render(request, "409.html", context | {"back": form_page}, status=409)
        except Refused as refused:
            texts = [value for _name, value in typed_in(request) if not _CODE.fullmatch(value)]
            context = {"message": refused.message, "typed": texts, "back": _back(kwargs)}
            return render(request, "409.html", context, status=409)
        return answer

    return answering


def _back(arguments: dict[str, Any]) -> str:
    """A page that can be opened: the case's, or where consultations begin."""
    if "ref" in arguments:
        return reverse("consultations:detail", args=[arguments["ref"]])
    return reverse("consultations:new")


__all__ = ["answers_conflicts", "case_for"]
