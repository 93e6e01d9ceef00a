"""Pages of a demonstration: the mail ledger and the component gallery."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from common.mail import Mail
from common.mail.sending import message
from common.policy import rule


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
    return render(request, "portal/gallery.html")
