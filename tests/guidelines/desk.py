"""Editors at work: a revision begun, written, noted, checked, scheduled and published."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from guidelines import services
from guidelines.enums import ChangeKind
from guidelines.models import Edition, SectionVersion
from guidelines.services.sections import SectionText, text_of
from tests.accounts.factories import UserFactory
from tests.guidelines.factories import MARK, Library

NEW_TEXT = "書類とデータに「社外秘」と表示し、持ち出しを記録します。"


def in_draft(draft: Edition, section: str) -> SectionVersion:
    """A section as the draft has it."""
    found: SectionVersion = SectionVersion.objects.select_related("edition__publication").get(
        edition=draft, section=section
    )
    return found


def rewrite(
    draft: Edition, section: str = MARK, *, by: User, templates: Any = None, **changes: Any
) -> SectionVersion:
    """Save a section with some of its fields changed."""
    version = in_draft(draft, section)
    values = {**vars(text_of(version)), "source": NEW_TEXT, **changes}
    return services.save_section(
        version, SectionText(**values), by=by, expected=version.version, templates=templates
    )


def note(
    draft: Edition, section: str = MARK, kind: str = ChangeKind.SUBSTANCE, *, by: User, **more: Any
) -> None:
    """Tell readers what changed."""
    values = {"note": "持ち出しの記録を加えました。", "reason": "試験", "affects": ["all"], **more}
    services.save_note(draft, section, kind=kind, by=by, **values)


def revision(made: Library, *, kind: str = "regular", by: User | None = None) -> Edition:
    """A draft with one section rewritten and its note."""
    editor = by or UserFactory(editor=True)
    draft = services.begin_draft(made.publication, by=editor, kind=kind)
    rewrite(draft, by=editor)
    note(draft, by=editor)
    return fresh(draft)


def fresh(edition: Edition) -> Edition:
    """As the database has it."""
    found: Edition = Edition.objects.select_related("publication", "author").get(pk=edition.pk)
    return found


def checked(draft: Edition, *, by: User | None = None) -> Edition:
    """Vouched for by somebody who wrote nothing in it."""
    services.check_legally(draft, by=by or UserFactory(editor=True))
    return fresh(draft)


def soon(**more: Any) -> datetime:
    """A moment from now."""
    return timezone.now() + timedelta(seconds=1, **more)


def scheduled(
    draft: Edition, *, publish_at: datetime | None = None, effective_on: date | None = None
) -> Edition:
    """Waiting for its time; applied from the day of publication on."""
    moment = publish_at or soon()
    day = effective_on or timezone.localtime(moment).date()
    services.schedule(draft, by=UserFactory(editor=True), publish_at=moment, effective_on=day)
    return fresh(draft)


def published(draft: Edition, **when: Any) -> Edition:
    """Checked, scheduled, and published when its time has come."""
    waiting = scheduled(checked(draft), **when)
    assert waiting.publish_at is not None
    assert services.publish_due(waiting.publish_at) == 1
    return fresh(draft)
