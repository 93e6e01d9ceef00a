"""Tells the secretariat of work that was given up."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common import jobs, mail
from common.enums import JobKind
from common.jobs import Job
from common.policy import Role
from portal.notifications import JOB_DEAD


def tell_staff(job: Job) -> None:
    """One mail an hour at most to each of the secretariat; their start page names every job.

    Mails that do not leave are shown there only: mails about mails would never end.
    """
    if job.kind == JobKind.MAIL:
        return
    hour = timezone.localtime().strftime("%Y%m%d%H")
    for person in User.objects.active().filter(role=Role.STAFF).order_by("pk"):
        mail.send(
            JOB_DEAD.name, recipient=person, key=f"job-dead:{hour}", url=reverse("portal:staff")
        )


jobs.on_death.register("portal.staff", tell_staff)
