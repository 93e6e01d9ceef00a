"""The kernel's job handlers."""

from datetime import timedelta

from common import jobs, search
from common.audit.verify import write_anchor
from common.enums import JobKind
from common.mail.sending import deliver


# A mail server that is being restarted, or asks to come back later, is away for minutes.
@jobs.handler(JobKind.MAIL, queue="mail", waits=(15, 600))
def send_mail(mail_id: str, run: jobs.Run) -> None:
    """Deliver one mail of the ledger."""
    deliver(mail_id, run)


@jobs.handler(JobKind.REINDEX)
def reindex(source: str, run: jobs.Run) -> None:
    """Make one source's search entries anew; once for all changes that wait."""
    if not jobs.Job.objects.asked_again(run.job).exists():
        search.reindex(source)


@jobs.handler(JobKind.ANCHOR)
def anchor(slot: str, run: jobs.Run) -> None:
    """Note the audit log's end outside the database, once a day."""
    with run.finishing():
        write_anchor()


jobs.periodic(JobKind.ANCHOR, every=timedelta(days=1))
