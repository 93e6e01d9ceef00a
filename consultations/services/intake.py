"""From the first typed word to the receipt number."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User
from common import audit, mail
from common.errors import Conflict
from common.policy import Role
from common.vault import DataKey, DestroyReason, destroy_key
from consultations import notifications
from consultations.enums import AuditKind, State
from consultations.errors import DraftIncomplete
from consultations.models import Consultation, Draft, Transition

PAGES = (1, 2, 3)


def start_draft(author: User, *, first: dict[str, Any] | None = None) -> Draft:
    """A new empty draft under a data key of its own; `first` holds answers known beforehand."""
    with transaction.atomic():
        return Draft.objects.create(
            author=author, vault_key=DataKey.objects.create_key(), answers=first or {}
        )


def save_draft(draft: Draft, answers: dict[str, Any], *, version: int) -> Draft:
    """Keep one page's answers. Raises Conflict where another window has saved since `version`."""
    with transaction.atomic():
        stands: Draft = (
            Draft.objects.select_for_update().select_related("vault_key").get(pk=draft.pk)
        )
        merged = stands.answers | answers
        if stands.version != version:
            if all(stands.answers.get(name) == value for name, value in answers.items()):
                return stands
            raise Conflict(mine=_as_text(answers), theirs=_as_text(stands.answers, only=answers))
        stands.answers = merged
        stands.version += 1
        stands.saved_at = Now()
        stands.save()
    stands.refresh_from_db(fields=["saved_at"])
    return stands


def _as_text(answers: dict[str, Any], only: dict[str, Any] | None = None) -> str:
    """Answers as text to copy from."""
    names = only if only is not None else answers
    return "\n\n".join(str(answers.get(name) or "") for name in names)


def discard_draft(draft: Draft) -> None:
    """Throw a draft away; its key is destroyed, so that nothing in backups can be read."""
    with transaction.atomic():
        key = draft.vault_key
        author = draft.author
        draft.delete()
        destroy_key(key, reason=DestroyReason.DRAFT, actor=author)


def file_consultation(draft: Draft, *, by: User) -> Consultation:
    """Make the draft a case with a receipt number, once, however often it is sent.

    Raises DraftIncomplete naming the page where an answer is missing.
    """
    with transaction.atomic():
        stands = Draft.objects.select_for_update().filter(pk=draft.pk).first()
        if stands is None:
            filed: Consultation = Consultation.objects.get(source_draft=draft.pk)
            return filed
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
        answers={k: v for k, v in answers.items() if k not in ("title", "pages_done")},
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
