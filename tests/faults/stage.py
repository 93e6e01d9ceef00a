"""Run in the portal's environment: reports that only need to be issued, and mails to be sent.

`python -m tests.faults.stage reports 4` prints one receipt number a line; `… mails KEY 30` queues mails.
"""
# ruff: noqa: E402 - Django is set up before anything of the portal is imported.

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.db import transaction

from accounts.models import User
from common import mail
from consultations import notifications, services
from consultations.enums import Duty
from consultations.models import AdviceReport
from tests.consultations.factories import ADVICE, draft_of


def _person(name: str) -> User:
    return User.objects.get(email=f"{name}@demo.example")


def reports(number: int, word: str = "") -> list[str]:
    """Receipt numbers of cases whose advice is approved; its summary ends with the word."""
    refs = []
    firm, staff, expert, reviewer = map(_person, ("sme", "staff", "expert", "reviewer"))
    for _ in range(number):
        case = services.file_consultation(draft_of(firm), by=firm)
        services.begin_triage(case, by=staff, category="leak", urgency="week")
        for duty, person in ((Duty.ADVISER, expert), (Duty.REVIEWER, reviewer)):
            services.assign_expert(case, person, duty=duty, by=staff)
            services.answer_offer(case, by=person, accepts=True)
        advice = ADVICE | {"summary": ADVICE["summary"] + word}
        services.save_advice(case, advice, by=expert, version=0)
        services.submit_advice(AdviceReport.objects.latest_of(case), by=expert)
        services.approve_advice(AdviceReport.objects.latest_of(case), by=reviewer)
        refs.append(case.ref)
    return refs


def mails(key: str, number: int) -> None:
    """So many mails, accepted in one transaction."""
    with transaction.atomic():
        for index in range(number):
            mail.send(
                notifications.ANSWERED.name, recipient=f"{key}-{index}@example.jp",
                key=f"{key}:{index}", url="/consultations/", language="ja",
            )  # fmt: skip
    # The thread that wakes workers ends with this process.
    time.sleep(0.5)


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "reports":
        print("\n".join(reports(int(rest[0]), *rest[1:])))
    else:
        mails(rest[0], int(rest[1]))
