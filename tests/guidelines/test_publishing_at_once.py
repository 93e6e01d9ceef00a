"""Publishing by several at once, and by workers that die: exactly once, whatever happens."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from common import jobs
from common.audit.models import AuditEvent
from common.errors import Conflict
from common.jobs import Job
from common.jobs.run import run
from common.mail import Mail
from guidelines import services
from guidelines.enums import EditionState
from guidelines.errors import NotPublishable
from guidelines.models import Document, Edition, Section
from guidelines.services.sections import SectionText
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.consultations.together import at_once
from tests.guidelines.desk import (
    checked,
    fresh,
    in_draft,
    note,
    revision,
    rewrite,
    scheduled,
    soon,
)
from tests.guidelines.factories import CHOOSE, LEAVE, MARK, Library, library
from tools import places

pytestmark = pytest.mark.django_db(transaction=True)


def waiting(made: Library | None = None) -> Edition:
    """An edition whose time comes in a moment, with three people who asked to be told."""
    made = made or library()
    for person in (UserFactory(), UserFactory(), MembershipFactory().user):
        services.subscribe(person, section=Section.objects.get(pk=MARK))
        services.subscribe(person, publication=made.publication)
        services.subscribe(person)
    draft = scheduled(checked(revision(made)))
    Job.objects.all().delete()
    return draft


def published_once(draft: Edition) -> None:
    """One publication, and one of everything that follows."""
    assert fresh(draft).state == EditionState.PUBLISHED
    assert AuditEvent.objects.filter(verb="edition.published", object_id=str(draft.pk)).count() == 1
    assert Job.objects.filter(kind="guidelines.published").count() == 1
    assert Job.objects.filter(kind="common.reindex").count() == 1


def told_once(draft: Edition) -> None:
    """Three mails, one PDF."""
    event = f"edition:{draft.pk}"
    addresses = list(Mail.objects.filter(event=event).values_list("address", flat=True))
    assert len(addresses) == len(set(addresses)) == 3
    assert Job.objects.filter(kind="common.mail").count() == 3
    assert Document.objects.count() == 1
    assert Job.objects.filter(kind="guidelines.document").count() == 1


def test_ten_schedulers_at_once_publish_once() -> None:
    """Every round of each sees the edition as due."""
    draft = waiting()
    moment = timezone.now() + timedelta(minutes=5)
    counts = at_once([partial(services.publish_due, moment)] * 10)
    assert [n for n in counts if isinstance(n, Exception)] == []
    assert sum(n for n in counts if isinstance(n, int)) == 1
    published_once(draft)


def test_what_follows_happens_once_however_often_it_is_begun() -> None:
    """Five workers with the same job, then the work again and again."""
    draft = waiting()
    services.publish_due(timezone.now() + timedelta(minutes=5))
    job = Job.objects.get(kind="guidelines.published")
    at_once([partial(run, str(job.pk))] * 5)
    told_once(draft)
    for _ in range(3):
        again = jobs.enqueue("guidelines.published", draft.pk)
        run(str(again.pk))
    told_once(draft)


def test_a_publication_that_breaks_off_leaves_nothing(monkeypatch: Any) -> None:
    """The database goes away at the last statement: all of it comes later, once."""
    draft = waiting()
    moment = timezone.now() + timedelta(minutes=5)
    with monkeypatch.context() as patch:
        patch.setattr("guidelines.services.publication.audit.record", _broken)
        with pytest.raises(OSError, match="gone"):
            services.publish_due(moment)
    assert fresh(draft).state == EditionState.SCHEDULED
    assert not Job.objects.filter(kind="guidelines.published").exists()
    assert services.publish_due(moment) == 1
    published_once(draft)


def _broken(*_args: Any, **_options: Any) -> None:
    raise OSError("gone")


def test_telling_that_breaks_off_is_taken_up_again(monkeypatch: Any) -> None:
    """After the second of three mails: none is lost, none is doubled."""
    draft = waiting()
    services.publish_due(timezone.now() + timedelta(minutes=5))
    job = Job.objects.get(kind="guidelines.published")
    sent = services.telling.mail.send
    told: list[Any] = []

    def dies(*args: Any, **options: Any) -> Any:
        told.append(args)
        if len(told) == 2:
            raise OSError("gone")
        return sent(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr("guidelines.services.telling.mail.send", dies)
        run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("queued", "OSError")
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now())
    run(str(job.pk))
    told_once(draft)


WORKER = """
import os, sys, time
import django
django.setup()
from django.utils import timezone
from datetime import timedelta
from common import mail
from guidelines import services
place = sys.argv[1]
if place == "publishing":
    import guidelines.services.publication as module
    def stop(*_args, **_options):
        print("here", flush=True)
        time.sleep(60)
    module.audit.record = stop
    services.publish_due(timezone.now() + timedelta(minutes=5))
else:
    from common.jobs.models import Job
    from common.jobs.run import run
    from django.apps import apps
    import guidelines.tasks
    import guidelines.services.telling as module
    sent, told = module.mail.send, []
    def send(*args, **options):
        told.append(args)
        if len(told) == 2:
            print("here", flush=True)
            time.sleep(60)
        return sent(*args, **options)
    class Slow:
        send = staticmethod(send)
    module.mail = Slow
    run(str(Job.objects.get(kind="guidelines.published").pk))
"""


def killed_at(place: str) -> None:
    """A worker's process on this database, killed (-9) in the middle of its transaction."""
    environment = dict(os.environ) | {"DATABASE_URL": _test_database(os.environ["DATABASE_URL"])}
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, place], cwd=places.ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as worker:  # fmt: skip
        assert worker.stdout is not None
        assert worker.stderr is not None
        if worker.stdout.readline().strip() != "here":
            worker.kill()
            raise AssertionError(worker.stderr.read()[-2000:])
        worker.send_signal(signal.SIGKILL)


def _test_database(url: str) -> str:
    base, _slash, _name = url.partition("?")[0].rpartition("/")
    options = url.partition("?")[2]
    return f"{base}/{connection.settings_dict['NAME']}" + (f"?{options}" if options else "")


def eventually(true: Callable[[], bool], seconds: float = 10) -> None:
    """The database notices a dead client within moments."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.slow
def test_a_worker_killed_while_publishing_publishes_once() -> None:
    """The next round does it, with one notice and one job of each kind."""
    draft = waiting()
    killed_at("publishing")
    moment = timezone.now() + timedelta(minutes=5)
    assert fresh(draft).state == EditionState.SCHEDULED
    eventually(lambda: services.publish_due(moment) == 1)
    published_once(draft)
    run(str(Job.objects.get(kind="guidelines.published").pk))
    told_once(draft)


@pytest.mark.slow
def test_a_worker_killed_while_telling_tells_everybody_once() -> None:
    """Its lease runs out, the next worker tells all three."""
    draft = waiting()
    services.publish_due(timezone.now() + timedelta(minutes=5))
    killed_at("telling")
    job = Job.objects.get(kind="guidelines.published")
    assert (job.state, job.attempts) == ("running", 1)
    assert not Mail.objects.filter(event=f"edition:{draft.pk}").exists()
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    run(str(job.pk))
    told_once(draft)
    published_once(draft)


def test_two_who_begin_at_once_get_one_draft() -> None:
    """The other is told that there is one."""
    made = library()
    people = [UserFactory(editor=True) for _ in range(4)]
    found = at_once([partial(services.begin_draft, made.publication, by=p) for p in people])
    assert sum(isinstance(result, Edition) for result in found) == 1
    assert sum(isinstance(result, NotPublishable) for result in found) == 3


def test_two_who_save_a_section_at_once_keep_one_text_and_show_both() -> None:
    """Whoever comes second is told so, with both texts."""
    draft = revision(library())
    version = in_draft(draft, MARK)
    texts = [SectionText("見出し mark", "要点", f"{name}の本文") for name in ("甲", "乙")]
    people: list[User] = [UserFactory(editor=True) for _ in texts]
    found = at_once(
        [
            partial(services.save_section, version, text, by=by, expected=version.version)
            for text, by in zip(texts, people, strict=True)
        ]
    )
    (conflict,) = [result for result in found if isinstance(result, Conflict)]
    kept = in_draft(draft, MARK).source
    assert {kept} < {"甲の本文", "乙の本文"}
    assert kept in conflict.theirs
    assert ({"甲の本文", "乙の本文"} - {kept}).pop() in conflict.mine


def test_many_sections_saved_at_once_are_all_kept() -> None:
    """Different sections disturb nobody."""
    draft = revision(library())
    by = UserFactory(editor=True)
    works = [
        partial(rewrite, draft, pk, by=by, source=f"{pk} の本文") for pk in (CHOOSE, MARK, LEAVE)
    ]
    assert [r for r in at_once(works) if isinstance(r, Exception)] == []
    for pk in (CHOOSE, MARK, LEAVE):
        assert in_draft(draft, pk).source == f"{pk} の本文"


def test_sections_added_at_once_are_all_in_the_outline() -> None:
    """Each under an id of its own."""
    draft = revision(library())
    by, text = UserFactory(editor=True), SectionText("節", "要点", "本文")
    works = [partial(services.add_section, draft, chapter=0, text=text, by=by)] * 5
    made = at_once(works)
    assert [r for r in made if isinstance(r, Exception)] == []
    order = fresh(draft).section_ids()
    assert len(order) == len(set(order)) == 9
    assert {v.section_id for v in made if not isinstance(v, Exception)} <= set(order)


EDITS: list[Callable[[Edition, User], Any]] = [
    lambda draft, by: rewrite(draft, MARK, by=by, source="すべりこんだ本文"),
    lambda draft, by: note(draft, MARK, by=by, note="すべりこんだ説明"),
    lambda draft, by: services.note_move(draft, kind="split", origin=LEAVE, target=MARK, by=by),
    lambda draft, by: services.remove_section(in_draft(draft, LEAVE), note="x", reason="", by=by),
]


@pytest.mark.parametrize("edit", range(len(EDITS)))
def test_no_edit_slips_in_between_check_and_schedule(edit: int) -> None:
    """It waits until the edition is scheduled, and is refused then."""
    draft = checked(revision(library()))
    by: User = UserFactory(editor=True)

    def schedule() -> None:
        with transaction.atomic():
            scheduled(draft, publish_at=soon(days=1))
            time.sleep(0.5)

    def write() -> None:
        time.sleep(0.2)
        EDITS[edit](draft, by)

    first, second = at_once([schedule, write])
    assert first is None
    assert isinstance(second, NotPublishable)
    assert services.publish_due(timezone.now() + timedelta(days=2)) == 1
