"""Preparing, checking, scheduling and publishing an edition; nothing of it changes afterwards."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, jobs, search
from common.policy import AnyUser
from guidelines.enums import AuditKind, EditionState, JobKind
from guidelines.errors import NotPublishable
from guidelines.models import Edition, EditionPage, Publication, SectionVersion
from guidelines.reports.problems import problems_of
from guidelines.services.drafting import labels_of, references_of
from guidelines.services.markdown import to_html
from guidelines.services.pages import page_html
from guidelines.signals import edition_published

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
        version.html = to_html(version.source, references)
        version.sha256 = version.digest()
    SectionVersion.objects.bulk_update(versions, ["position", "label", "html", "sha256"])
    html = page_html(edition)
    EditionPage.objects.update_or_create(edition=edition, defaults={"html": html})
    return draft_digest(edition)


def draft_digest(edition: Edition) -> str:
    """The hash of an edition as it stands, chained to the edition before it."""
    last = _last_published(edition.publication)
    edition.previous_sha256 = last.sha256 if last else ""
    pairs = SectionVersion.objects.of(edition).values_list("section_id", "sha256")
    return edition.digest(list(pairs))


def _last_published(publication: Publication) -> Edition | None:
    found: Edition | None = (
        Edition.objects.published().filter(publication=publication).newest_first().first()
    )
    return found


def check_legally(edition: Edition, *, by: User) -> None:
    """A second person vouches for exactly this text. Raises NotPublishable for its author."""
    if edition.author_id == by.pk:
        raise NotPublishable(_("ご自分が書いた版の法務確認はできません。別の人に頼んでください。"))
    with transaction.atomic():
        stands = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
        if stands.state != EditionState.DRAFT:
            raise NotPublishable(_("作成中の版ではありません。"))
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
    with transaction.atomic():
        stands = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
        _require_complete(stands, timezone.localtime(publish_at).date(), effective_on)
        digest = prepare(stands)
        if stands.checked_sha256 != digest or stands.checked_by_id is None:
            raise NotPublishable(
                _("法務確認のあとで本文が変わりました。もう一度確認を受けてください。")
            )
        if by.pk == stands.checked_by_id and by.pk == stands.author_id:
            raise NotPublishable(_("書いた人と確認した人は、別の人にしてください。"))
        stands.move_to(
            EditionState.SCHEDULED,
            publish_at=publish_at,
            published_on=timezone.localtime(publish_at).date(),
            effective_on=effective_on,
        )
        audit.record(AuditKind.SCHEDULED, actor=by, obj=stands, number=stands.number)


def unschedule(edition: Edition, *, by: User) -> None:
    """Withdraw a schedule that has not come yet. Raises IllegalTransition."""
    with transaction.atomic():
        stands = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
        stands.move_to(EditionState.DRAFT, publish_at=None, published_on=None, effective_on=None)
        audit.record(AuditKind.UNSCHEDULED, actor=by, obj=stands, number=stands.number)


def publish_due(now: datetime) -> int:
    """Publish what is scheduled for now or before; returns how many. Safe to run twice at once."""
    due = Edition.objects.filter(state=EditionState.SCHEDULED, publish_at__lte=now)
    count = 0
    for pk in due.order_by("publish_at").values_list("pk", flat=True):
        with transaction.atomic():
            stands = (
                Edition.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("publication")
                .filter(pk=pk, state=EditionState.SCHEDULED)
                .first()
            )
            if stands is not None:
                _publish(stands, by=None)
                count += 1
    return count


def publish_now(
    edition: Edition, *, published_on: date, effective_on: date, by: AnyUser | None = None
) -> None:
    """Prepare and publish at once: what comes with the portal. Raises NotPublishable."""
    with transaction.atomic():
        _require_complete(edition, published_on, effective_on)
        edition.published_on, edition.effective_on = published_on, effective_on
        edition.save(update_fields=["published_on", "effective_on"])
        prepare(edition)
        _publish(edition, by=by)


def _publish(edition: Edition, *, by: AnyUser | None) -> None:
    """The moment itself: a few statements, and jobs for all that follows."""
    digest = draft_digest(edition)
    try:
        with transaction.atomic():
            edition.move_to(
                EditionState.PUBLISHED,
                published_at=Now(),
                sha256=digest,
                previous_sha256=edition.previous_sha256,
            )
    except IntegrityError as error:
        raise NotPublishable(_("同じ日に始まる版がすでにあります。")) from error
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
