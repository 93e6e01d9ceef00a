"""Work that failed: the secretariat is told without content, sees it, and has it tried again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from common import jobs, mail
from common.jobs import Job
from common.jobs.run import bury, claim
from common.mail import Mail
from tests.accounts.factories import UserFactory, sign_in

pytestmark = pytest.mark.django_db


def dead_job(kind: str = "common.reindex", subject: object = "guidelines") -> Job:
    """A job that was given up, as the scheduler does it."""
    job = jobs.enqueue(kind, subject)
    attempt = claim(str(job.pk))
    assert attempt is not None
    assert bury(job, "SomeError", token=attempt.token)
    job.refresh_from_db()
    return job


def notices() -> list[str]:
    """Addresses that were told."""
    return sorted(mail.address for mail in Mail.objects.filter(notice="portal.job_dead"))


def test_the_secretariat_is_told_of_a_dead_job() -> None:
    """Everybody there whose account is open, and nobody else."""
    told = [UserFactory(staff=True), UserFactory(staff=True)]
    UserFactory(staff=True, is_active=False)
    for other in ("expert", "editor", "auditor", "member"):
        UserFactory(**{other: True})
    dead_job()
    assert notices() == sorted(user.email for user in told)


def test_many_deaths_are_one_mail_an_hour() -> None:
    """A broken disk must not fill mailboxes."""
    UserFactory(staff=True)
    for number in range(5):
        dead_job(subject=number)
    assert len(notices()) == 1


def test_a_dead_mail_is_not_told_by_mail() -> None:
    """With the mail server away, mails about mails would never end."""
    staff = UserFactory(staff=True)
    sent = mail.send("accounts.invited", recipient=staff, key="x")
    before = Mail.objects.count()
    Job.objects.all().delete()
    dead_job("common.mail", sent.pk)
    assert Mail.objects.count() == before


def test_the_secretariats_page_names_the_job_and_revives_it(client: Client) -> None:
    """By kind, time and code; then it is gone from the page."""
    staff = UserFactory(staff=True)
    job = dead_job()
    sign_in(client, staff)
    page = client.get(reverse("portal:staff")).content.decode()
    assert "検索の更新" in page
    assert "SomeError" in page
    address = reverse("portal:revive-job", args=[job.pk])
    assert address in page
    answer = client.post(address, follow=True)
    assert answer.redirect_chain[0][0] == reverse("portal:staff")
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)
    assert "SomeError" not in client.get(reverse("portal:staff")).content.decode()


def test_reviving_twice_changes_nothing(client: Client) -> None:
    """Two of the secretariat press at once."""
    job = dead_job()
    sign_in(client, UserFactory(staff=True))
    address = reverse("portal:revive-job", args=[job.pk])
    client.post(address)
    claim(str(job.pk))
    assert client.post(address).status_code == 302
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)


@pytest.mark.parametrize("role", ["member", "expert", "editor", "partner", "auditor"])
def test_nobody_else_revives(client: Client, role: str) -> None:
    """Nor sees the card."""
    job = dead_job()
    sign_in(client, UserFactory(**{role: True}))
    assert client.post(reverse("portal:revive-job", args=[job.pk])).status_code == 403
    job.refresh_from_db()
    assert job.state == "dead"
    for page in ("portal:my", "portal:expert", "portal:staff", "portal:partner"):
        assert "SomeError" not in client.get(reverse(page)).content.decode()


def test_a_job_that_is_not_there_is_not_found(client: Client) -> None:
    """404, and a GET is no way to revive."""
    sign_in(client, UserFactory(staff=True))
    unknown = reverse("portal:revive-job", args=["3f0f3b1e-0000-4000-8000-000000000000"])
    assert client.post(unknown).status_code == 404
    assert client.get(unknown).status_code == 405


@pytest.mark.parametrize(
    ("state", "shown"), [("uncertain", True), ("failed", True), ("sent", False)]
)
def test_mails_that_may_not_have_arrived_are_shown(client: Client, state: str, shown: Any) -> None:
    """With the reason as a code; what arrived is not."""
    staff = UserFactory(staff=True)
    sent = mail.send("accounts.invited", recipient="lost@example.com", key="x")
    Mail.objects.filter(pk=sent.pk).update(state=state, error_code="SMTPServerDisconnected")
    sign_in(client, staff)
    page = client.get(reverse("portal:staff")).content.decode()
    assert ("lost@example.com" in page) is shown


def test_old_trouble_does_not_stay_for_ever(client: Client) -> None:
    """Mails of a mistyped address are gone after two weeks; jobs stay until they are dealt with."""
    sent = mail.send("accounts.invited", recipient="lost@example.com", key="x")
    Mail.objects.filter(pk=sent.pk).update(state="failed", created_at=Now() - timedelta(days=15))
    Job.objects.filter(pk=dead_job().pk).update(finished_at=Now() - timedelta(days=15))
    sign_in(client, UserFactory(staff=True))
    page = client.get(reverse("portal:staff")).content.decode()
    assert "lost@example.com" not in page
    assert "SomeError" in page


def test_no_card_where_all_is_well(client: Client) -> None:
    """A heading with nothing under it only worries people."""
    sign_in(client, UserFactory(staff=True))
    assert "card-trouble" not in client.get(reverse("portal:staff")).content.decode()
