"""Pages of a demonstration: the mail ledger and the component gallery."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from common.mail import Mail
from common.mail.sending import message
from common.policy import rule
from portal.forms import GalleryForm


@rule("demo", "read")
def mail_ledger(request: HttpRequest) -> HttpResponse:
    """The newest mails as they were sent, or would have been."""
    if not settings.PORTAL_DEMO:
        raise Http404
    mails = [(mail, message(mail)) for mail in Mail.objects.newest()[:50]]
    return render(request, "portal/dev_mail.html", {"mails": mails})


@rule("demo", "read")
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component."""
    if not settings.PORTAL_DEMO:
        raise Http404
    return render(request, "portal/gallery.html", _samples())


def _samples() -> dict[str, Any]:
    """What the components show: a form with errors, one without, a page of three, a running job."""
    return {
        "wrong": GalleryForm({"title": "\u202e", "kind": ""}, auto_id="wrong_%s"),
        "right": GalleryForm(auto_id="right_%s"),
        "now": timezone.now(),
        "page_obj": Paginator(range(30), 10).page(2),
        "running": {"state": "running", "label": _("作っています。"), "done": True, "url": ""},
    }
