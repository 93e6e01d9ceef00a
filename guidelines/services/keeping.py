"""What readers with an account keep: ticks on checklists, and subscriptions to changes."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from guidelines.models import Publication, Section, SectionVersion, Subscription, Tick


def set_ticks(user: User, version: SectionVersion, items: set[str]) -> None:
    """Keep which steps of this text are done, and no others of the same substance."""
    known = {item["id"]: item["rev"] for item in version.checklist}
    if not items <= set(known):
        raise Refused(_("この節にない確認項目です。ページを開き直してください。"))
    with transaction.atomic():
        current = Tick.objects.filter(user=user, section_id=version.section_id)
        for item, rev in known.items():
            if item not in items:
                current.filter(item=item, rev=rev).delete()
        Tick.objects.bulk_create(
            [
                Tick(user=user, section_id=version.section_id, item=item, rev=known[item])
                for item in items
            ],
            ignore_conflicts=True,
        )


def add_ticks(user: User, ticks: set[tuple[str, str, int]]) -> int:
    """Take over what was ticked in the browser before signing in: (section, item, rev) each.

    Steps that no published text ever had are left out: what a browser keeps can be anything.
    """
    texts = SectionVersion.objects.published().filter(section__in={pk for pk, _i, _r in ticks})
    known = {
        (pk, item["id"], item["rev"])
        for pk, items in texts.values_list("section_id", "checklist")
        for item in items
    }
    rows = [Tick(user=user, section_id=pk, item=item, rev=rev) for pk, item, rev in ticks & known]
    Tick.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def subscribe(
    user: User, *, section: Section | None = None, publication: Publication | None = None
) -> Subscription:
    """Tell this person of changes; of what fits the firm where neither is given."""
    found: Subscription
    found, _new = Subscription.objects.get_or_create(
        user=user,
        section=section,
        publication=publication,
        by_profile=section is None and publication is None,
    )
    return found


def unsubscribe(
    user: User, *, section: Section | None = None, publication: Publication | None = None
) -> None:
    """Tell this person no more."""
    Subscription.objects.filter(
        user=user,
        section=section,
        publication=publication,
        by_profile=section is None and publication is None,
    ).delete()
