"""What the secretariat's page shows of work that failed and of mails that may not have arrived."""

from datetime import timedelta

from django.utils import timezone

from common.dashboard import Card, CardSource, cards
from common.jobs import Job
from common.jobs.handlers import kinds
from common.mail import Mail
from common.policy import AnyUser, Role

SHOWN = 10
#: Mails to mistyped addresses are nobody's business for longer; jobs stay until dealt with.
MAILS_FOR = timedelta(days=14)


def _trouble(_user: AnyUser) -> Card | None:
    """Dead jobs by kind, mails that need attention; None where all went well."""
    dead = Job.objects.dead()
    mails = Mail.objects.needing_attention().since(timezone.now() - MAILS_FOR).newest()
    lines = [(job, kinds.get(job.kind, job.kind)) for job in dead[:SHOWN]]
    found = {"jobs": lines, "mails": list(mails[:SHOWN])}
    if not any(found.values()):
        return None
    return Card("portal/_card_trouble.html", {**found, "total": dead.count() + mails.count()})


cards.register("portal.trouble", CardSource(frozenset({Role.STAFF}), 90, _trouble))
