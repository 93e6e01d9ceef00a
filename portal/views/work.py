"""Background work that failed, in the secretariat's hands."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import signed_in
from common import jobs
from common.jobs import Job
from common.policy import rule


@rule("job", "revive")
@require_POST
def revive(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try a dead job again."""
    job = Job.objects.filter(pk=pk).first()
    if job is None:
        raise Http404
    if jobs.revive(job, actor=signed_in(request)):
        messages.success(request, _("もう一度試します。"))
    else:
        messages.info(request, _("この作業は、すでにやり直されているか、終わっています。"))
    return redirect("portal:staff")
