"""Destroying a key leaves a certificate in the audit log."""

import pytest

from common.audit.models import AuditEvent
from common.vault import DataKey, DestroyReason, KeyDestroyed, destroy_key

pytestmark = pytest.mark.django_db


def test_a_destroyed_key_is_certified_once():
    key = DataKey.objects.create_key()
    blob = key.seal(b"c", b"text")
    for _ in range(2):
        destroy_key(key, reason=DestroyReason.RETENTION, actor=None)
    with pytest.raises(KeyDestroyed):
        DataKey.objects.get(pk=key.pk).open(b"c", blob)
    event = AuditEvent.objects.get(verb="vault.key_destroyed")
    assert (event.object_id, event.related) == (str(key.pk), {"reason": "retention"})
