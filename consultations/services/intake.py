"""From the first typed word to the receipt number."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, mail
from common.errors import Conflict
from common.policy import Role
from common.vault import DataKey, DestroyReason, destroy_key
from consultations import notifications
from consultations.enums import AuditKind, State
from consultations.errors import DraftIncomplete, NotNow
from consultations.models import Consultation, Draft, Transition

PAGES = (1, 2, 3)
#: What a draft notes about itself beside the answers.
_NOTES = ("pages_done", "touched")


def start_draft(author: User, *, first: dict[str, Any] | None = None) -> Draft:
    """A new empty draft under a data key of its own; `first` holds answers known beforehand."""
    with transaction.atomic():
        return Draft.objects.create(
            author=author, vault_key=DataKey.objects.create_key(), answers=first or {}
        )


def save_draft(
    draft: Draft, answers: dict[str, Any], *, version: int, page: int = 0, done: bool | None = None
) -> Draft:
    """Keep answers; `done` says whether all of `page` is answered now (None: as it was).

    Raises Conflict where another window has changed the same answers since `version`, NotNow where
    the draft was sent or thrown away meanwhile.
    """
    with transaction.atomic():
        stands = _locked(draft)
        before, touched = stands.answers, stands.answers.get("touched", {})
        changed = [name for name, value in answers.items() if before.get(name) != value]
        if any(touched.get(name, 0) > version for name in changed):
            raise Conflict(mine=_as_text(answers), theirs=_as_text(before, only=answers))
        stands.version += 1
        pages = set(before.get("pages_done", []))
        if done is not None:
            pages = pages | {page} if done else pages - {page}
        stands.answers = (
            before
            | answers
            | {
                "pages_done": sorted(pages),
                "touched": touched | dict.fromkeys(changed, stands.version),
            }
        )
        stands.saved_at = Now()
        stands.save()
    stands.refresh_from_db(fields=["saved_at"])
    return stands


def _locked(draft: Draft) -> Draft:
    """The draft as it stands. Raises NotNow where it is gone."""
    stands: Draft | None = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("vault_key")
        .filter(pk=draft.pk)
        .first()
    )
    if stands is None:
        raise NotNow(_("この下書きは、すでに送ったか、捨てたものです。"))
    return stands


def _as_text(answers: dict[str, Any], only: dict[str, Any] | None = None) -> str:
    """Answers as text to copy from."""
    names = only if only is not None else answers
    return "\n\n".join(str(answers.get(name) or "") for name in names)


def discard_draft(draft: Draft) -> None:
    """Throw a draft away; its key is destroyed, so that nothing in backups can be read.

    Raises NotNow where it is gone already.
    """
    with transaction.atomic():
        stands = _locked(draft)
        key, author = stands.vault_key, stands.author
        stands.delete()
        destroy_key(key, reason=DestroyReason.DRAFT, actor=author)


def file_consultation(draft: Draft, *, by: User) -> Consultation:
    """Make the draft a case with a receipt number, once, however often it is sent.

    Raises DraftIncomplete naming the page where an answer is missing; NotNow where the draft was
    thrown away meanwhile, or its author belongs to no firm any more.
    """
    with transaction.atomic():
        try:
            stands = _locked(draft)
        except NotNow:
            filed: Consultation | None = Consultation.objects.filed_from(draft.pk)
            if filed is None:
                raise
            return filed
        if by.organisation is None:
            raise NotNow(_("相談を送るには、企業の情報の登録が必要です。"))
        _demand_complete(stands.answers)
        return _file(stands, by)


def _demand_complete(answers: dict[str, Any]) -> None:
    for page in PAGES:
        if page not in answers.get("pages_done", []):
            raise DraftIncomplete(page)


def _file(draft: Draft, by: User) -> Consultation:
    """Write the case, its first log row, both mails and the audit event; remove the draft."""
    answers = draft.answers
    case: Consultation = Consultation.objects.create(
        source_draft=draft.pk,
        organisation=by.organisation,  # type: ignore[misc]
        filed_by=by,
        shared_in_firm=bool(answers.get("shared_in_firm")),
        category=answers["category"],
        urgency=answers["urgency"],
        country=answers.get("country", ""),
        title=answers["title"],
        answers={k: v for k, v in answers.items() if k not in ("title", *_NOTES)},
        vault_key=DataKey.objects.create_key(),
    )
    Transition.objects.create(
        consultation=case, before=State.SUBMITTED, after=State.SUBMITTED, by=by
    )
    key = draft.vault_key
    draft.delete()
    url = reverse("consultations:detail", args=[case.ref])
    mail.send(notifications.FILED.name, recipient=by, key=f"filed:{case.pk}", url=url)
    for person in User.objects.active().filter(role=Role.STAFF):
        mail.send(notifications.NEW_CASE.name, recipient=person, key=f"new:{case.pk}", url=url)
    audit.record(AuditKind.FILED, actor=by, obj=case, state=State.SUBMITTED)
    destroy_key(key, reason=DestroyReason.DRAFT, actor=by)
    return case
