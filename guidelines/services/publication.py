"""Preparing, checking, scheduling and publishing an edition; nothing of it changes afterwards."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, jobs, search
from common.policy import AnyUser
from guidelines.enums import AuditKind, EditionState, JobKind
from guidelines.errors import ContentBroken, NotPublishable
from guidelines.models import Edition, EditionPage, Publication, SectionVersion
from guidelines.reports.chain import content_digest, is_checked
from guidelines.reports.problems import problems_of
from guidelines.services.drafting import labels_of, locked_draft, references_of
from guidelines.services.markdown import to_html
from guidelines.services.pages import page_html
from guidelines.signals import edition_published

logger = logging.getLogger(__name__)
#: An edition that comes into force is noted for this many days, in case the scheduler was away.
EFFECT_NOTED_DAYS = 14


def prepare(edition: Edition) -> str:
    """Numbers, HTML of every section and of the page; returns the digest of what would be published.

    Raises ContentBroken where a text refers to nothing.
    """
    references = references_of(edition)
    places = labels_of(edition.chapters)
    versions = list(SectionVersion.objects.of(edition))
    for version in versions:
        version.position, version.label = places.get(version.section_id, (999, ""))
        try:
            version.html = to_html(version.source, references)
        except ContentBroken as error:
            raise ContentBroken(f"「{version.heading}」{error}") from error
        version.sha256 = version.digest()
    SectionVersion.objects.bulk_update(versions, ["position", "label", "html", "sha256"])
    html = page_html(edition)
    EditionPage.objects.update_or_create(edition=edition, defaults={"html": html})
    return content_digest(edition)


def _last_published(publication: Publication) -> Edition | None:
    found: Edition | None = (
        Edition.objects.published().filter(publication=publication).newest_first().first()
    )
    return found


def check_legally(edition: Edition, *, by: User) -> None:
    """A second person vouches for exactly this text. Raises NotPublishable for whoever wrote in it.

    Raises ContentBroken where the text refers to nothing.
    """
    with transaction.atomic():
        stands = locked_draft(edition)
        if stands.author_id == by.pk or stands.writers.filter(pk=by.pk).exists():
            raise NotPublishable(
                _("ご自分が書いた版の法務確認はできません。別の人に頼んでください。")
            )
        digest = prepare(stands)
        Edition.objects.filter(pk=stands.pk).update(checked_by=by, checked_sha256=digest)
        audit.record(AuditKind.CHECKED, actor=by, obj=stands, number=stands.number)


def schedule(edition: Edition, *, by: User, publish_at: datetime, effective_on: date) -> None:
    """Have the edition published at a time (Asia/Tokyo) and applied from a day on.

    Raises NotPublishable where something is missing, the time has passed, or the effect would begin
    before publication or before an edition that stands.
    """
    if publish_at <= timezone.now():
        raise NotPublishable(_("公開の日時は、いまより後にしてください。"))
    day = timezone.localtime(publish_at).date()
    with transaction.atomic():
        stands = locked_draft(edition)
        _require_complete(stands, day, effective_on)
        _require_checked(stands)
        stands.move_to(
            EditionState.SCHEDULED,
            publish_at=publish_at,
            published_on=day,
            effective_on=effective_on,
        )
        audit.record(AuditKind.SCHEDULED, actor=by, obj=stands, number=stands.number)


def unschedule(edition: Edition, *, by: User) -> None:
    """Withdraw a schedule that has not come yet. Raises IllegalTransition."""
    with transaction.atomic():
        stands = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
        stands.move_to(EditionState.DRAFT, publish_at=None, published_on=None, effective_on=None)
        audit.record(AuditKind.UNSCHEDULED, actor=by, obj=stands, number=stands.number)


def _require_checked(edition: Edition) -> None:
    """Raises NotPublishable where nobody checked, or something changed since."""
    if edition.checked_by_id is None:
        raise NotPublishable(_("書いた人とは別の人の法務確認が済んでいません。"))
    if not is_checked(edition):
        raise NotPublishable(
            _("法務確認のあとで本文が変わりました。もう一度確認を受けてください。")
        )


def publish_due(now: datetime) -> int:
    """Publish what is scheduled for now or before; returns how many. Safe to run twice at once.

    One that cannot be published keeps no other from it; raises NotPublishable for it at the end.
    """
    due = Edition.objects.filter(state=EditionState.SCHEDULED, publish_at__lte=now)
    count, refused = 0, None
    for pk in due.order_by("publish_at", "pk").values_list("pk", flat=True):
        try:
            count += _publish_scheduled(pk, timezone.localtime(now).date())
        except NotPublishable as error:
            logger.exception("edition not published", extra={"code": f"edition {pk}"})
            refused = error
    if refused is not None:
        raise refused
    return count


def _publish_scheduled(pk: int, today: date) -> bool:
    """Publish one edition unless somebody else just did. Raises NotPublishable.

    Where the scheduler was away past the day, the day of publication is the real one, and the text
    applies from it at the earliest: nothing applied before anybody could read it.
    """
    with transaction.atomic():
        stands = (
            Edition.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("publication")
            .filter(pk=pk, state=EditionState.SCHEDULED)
            .first()
        )
        if stands is None:
            return False
        _require_checked(stands)
        stands.published_on = max(stands.published_on or today, today)
        stands.effective_on = max(stands.effective_on or today, stands.published_on)
        _publish(stands, by=None)
    return True


def publish_now(
    edition: Edition, *, published_on: date, effective_on: date, by: AnyUser | None = None
) -> None:
    """Prepare and publish at once: what comes with the portal. Raises NotPublishable."""
    with transaction.atomic():
        _require_complete(edition, published_on, effective_on)
        edition.published_on, edition.effective_on = published_on, effective_on
        prepare(edition)
        _publish(edition, by=by)


def _publish(edition: Edition, *, by: AnyUser | None) -> None:
    """The moment itself: a few statements, and jobs for all that follows."""
    last = _last_published(edition.publication)
    edition.previous_sha256 = last.sha256 if last else ""
    edition.move_to(
        EditionState.PUBLISHED,
        published_at=Now(),
        published_on=edition.published_on,
        effective_on=edition.effective_on,
        sha256=edition.chained_digest(content_digest(edition)),
        previous_sha256=edition.previous_sha256,
    )
    jobs.enqueue(JobKind.AFTER_PUBLICATION, edition.pk, key=f"edition-published:{edition.pk}")
    search.changed("guidelines")
    edition_published.send(Edition, edition=edition)
    audit.record(AuditKind.PUBLISHED, actor=by, obj=edition, number=edition.number)


def note_effects(today: date) -> int:
    """Queue, once each, the work that an edition's first day in force brings; returns how many."""
    begun = Edition.objects.published().filter(
        effective_on__lte=today,
        effective_on__gt=today - timedelta(days=EFFECT_NOTED_DAYS),
    )
    later = list(begun.filter(effective_on__gt=F("published_on")))
    for edition in later:
        jobs.enqueue(JobKind.AFTER_PUBLICATION, edition.pk, key=f"edition-in-force:{edition.pk}")
    if later:
        jobs.enqueue("common.reindex", "guidelines", key=f"reindex-guidelines:{today}")
    return len(later)


def _require_complete(edition: Edition, published_on: date, effective_on: date) -> None:
    found = problems_of(edition, published_on=published_on, effective_on=effective_on)
    if found:
        raise NotPublishable("\n".join(found))


def rebuild_pages() -> int:
    """Make every published page anew, for instance after the design changed; returns how many."""
    count = 0
    for edition in Edition.objects.published():
        EditionPage.objects.update_or_create(edition=edition, defaults={"html": page_html(edition)})
        count += 1
    return count
