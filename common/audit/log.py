"""Writing to the audit log, and the names that its verbs have for people."""

import re
import uuid
from typing import Any

from django.db.models import TextChoices

from common.audit.models import AuditEvent
from common.policy.table import AnyUser, role_of
from common.request_context import current

#: What an id, a number or a code is made of; names, addresses and sentences are not.
CODE = re.compile(r"[A-Za-z0-9_.:+/-]{0,64}")
#: verb → label for people; each app registers its own kinds.
REGISTERED: dict[str, Any] = {}


def register_kinds(kinds: type[TextChoices]) -> None:
    """Add an app's audit kinds. Raises ValueError where a verb is registered with another label."""
    for kind in kinds:
        if kind.value in REGISTERED and REGISTERED[kind.value] != kind.label:
            raise ValueError(f"audit kind {kind.value} is registered twice")
        REGISTERED[kind.value] = kind.label


def record(
    verb: str, *, actor: AnyUser | None, obj: Any | None = None, **related: object
) -> AuditEvent:
    """Append one event; call it last in the transaction, since it holds the chain's head until commit.

    `related` takes ids, numbers and codes; anything else is refused with ValueError, so that no
    content can slip in.
    """
    if verb not in REGISTERED:
        raise ValueError(f"audit verb {verb!r} is not registered")
    ids = {name: str(value) for name, value in related.items() if value is not None}
    if not all(CODE.fullmatch(value) for value in ids.values()):
        raise ValueError("the audit log takes ids and codes, never text")
    context = current.get()
    actor_id = actor.pk if actor is not None and actor.is_authenticated else None
    event: AuditEvent = AuditEvent.objects.create(
        verb=verb,
        actor_id=actor_id,
        role=role_of(actor) if actor is not None else "system",
        resource=getattr(obj, "policy_resource", "") if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        related=ids,
        request_id=context.request_id or uuid.uuid4().hex,
        network=context.network,
    )
    return event


def events_about(obj: Any) -> "list[AuditEvent]":
    """All events about one object, oldest first."""
    return list(AuditEvent.objects.about(obj.policy_resource, obj.pk))
