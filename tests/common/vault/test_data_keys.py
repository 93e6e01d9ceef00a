"""Data keys: made, wrapped, bound to their row, destroyed."""

import copy
import pickle
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from common.vault import (
    DataKey,
    DestroyReason,
    KeyDestroyed,
    KeyringInvalid,
    UnknownKek,
    VaultRefused,
)
from common.vault.keyring import ring
from tests.common.vault.keyrings import line, write

pytestmark = pytest.mark.django_db


def test_a_new_key_seals_and_opens():
    key = DataKey.objects.create_key()
    blob = key.seal(b"here", b"text")
    assert DataKey.objects.get(pk=key.pk).open(b"here", blob) == b"text"
    assert key.kek_id == "k1"


def test_the_database_holds_the_key_only_wrapped():
    key = DataKey.objects.create_key()
    raw = key.secret()._raw
    with connection.cursor() as cursor:
        cursor.execute("SELECT common_datakey::text FROM common_datakey WHERE id = %s", [key.pk])
        (row,) = cursor.fetchone()
    assert raw.hex() not in row
    assert len(bytes(key.wrapped)) == 12 + 32 + 16


def test_equal_texts_seal_differently_each_time():
    key = DataKey.objects.create_key()
    assert key.seal(b"c", b"same") != key.seal(b"c", b"same")


def test_a_wrapped_key_moved_to_another_row_does_not_open():
    one, two = DataKey.objects.create_key(), DataKey.objects.create_key()
    DataKey.objects.filter(pk=two.pk).update(wrapped=one.wrapped)
    with pytest.raises(VaultRefused):
        DataKey.objects.get(pk=two.pk).secret()


def test_a_wrapped_key_given_another_kek_name_does_not_open(keyring_file):
    key = DataKey.objects.create_key()
    raw = ring().active._raw
    write(keyring_file, line("k2"), line("k1", raw))
    DataKey.objects.filter(pk=key.pk).update(kek_id="k2")
    with pytest.raises(VaultRefused):
        DataKey.objects.get(pk=key.pk).secret()


def test_a_blob_of_another_key_is_refused():
    one, two = DataKey.objects.create_key(), DataKey.objects.create_key()
    with pytest.raises(VaultRefused, match="another key"):
        two.open(b"c", one.seal(b"c", b"text"))


@pytest.mark.parametrize("position", range(0, 60, 3))
def test_one_flipped_bit_anywhere_is_refused(position):
    key = DataKey.objects.create_key()
    blob = bytearray(key.seal(b"c", b"eleven byte"))
    assert len(blob) == 60
    blob[position] ^= 0x01
    with pytest.raises(VaultRefused):
        key.open(b"c", bytes(blob))


@pytest.mark.parametrize("length", [0, 1, 4, 5, 20, 21, 33, 48])
def test_a_cut_off_blob_is_refused(length):
    key = DataKey.objects.create_key()
    with pytest.raises(VaultRefused):
        key.open(b"c", key.seal(b"c", b"")[:length])


def test_a_destroyed_key_opens_and_seals_nothing_any_more():
    key = DataKey.objects.create_key()
    blob = key.seal(b"c", b"text")
    key.destroy(DestroyReason.RETENTION)
    for dead in (key, DataKey.objects.get(pk=key.pk)):
        with pytest.raises(KeyDestroyed):
            dead.open(b"c", blob)
        with pytest.raises(KeyDestroyed):
            dead.seal(b"c", b"text")
        assert dead.wrapped is None
        assert dead.destroyed_at is not None
        assert dead.destroyed_for == "retention"


def test_destroying_twice_keeps_the_first_time_and_reason():
    key = DataKey.objects.create_key()
    key.destroy(DestroyReason.REQUEST)
    first = key.destroyed_at
    key.destroy(DestroyReason.RETENTION)
    assert (key.destroyed_at, key.destroyed_for) == (first, "request")


@pytest.mark.parametrize(
    "change", [{"wrapped": None}, {"destroyed_at": timezone.now()}], ids=["unwrapped", "undead"]
)
def test_the_database_knows_that_a_key_is_either_wrapped_or_destroyed(change):
    key = DataKey.objects.create_key()
    with pytest.raises(IntegrityError), transaction.atomic():
        DataKey.objects.filter(pk=key.pk).update(**change)


def test_the_unwrapped_key_leaves_the_instance_in_no_pickle_copy_or_text():
    key = DataKey.objects.create_key()
    raw = key.secret()._raw
    assert raw not in pickle.dumps(key)
    assert copy.deepcopy(key)._secret is None
    assert copy.copy(key)._secret is None
    assert raw.hex() not in repr(key) + str(vars(key))
    assert pickle.loads(pickle.dumps(key)).secret()._raw == raw


def test_a_row_read_before_another_process_rewrapped_it_still_opens(keyring_file):
    key = DataKey.objects.create_key()
    blob = key.seal(b"c", b"text")
    stale = DataKey.objects.get(pk=key.pk)
    write(keyring_file, line("k2"), line("k1", ring().active._raw))
    fresh = DataKey.objects.select_for_update().get(pk=key.pk)
    fresh.rewrap(ring())
    fresh.save()
    write(keyring_file, line("k2", ring().active._raw))
    assert stale.kek_id == "k1"
    assert stale.open(b"c", blob) == b"text"


def test_a_key_wrapped_under_a_lost_kek_says_so(keyring_file):
    key = DataKey.objects.get(pk=DataKey.objects.create_key().pk)
    write(keyring_file, line("other"))
    with pytest.raises(UnknownKek, match="'k1'"):
        key.secret()


def test_no_key_is_made_under_a_wrong_kek_of_the_right_name(keyring_file):
    DataKey.objects.create_key()
    write(keyring_file, line("k1"))
    with pytest.raises(KeyringInvalid, match="another key"):
        DataKey.objects.create_key()


def test_a_blob_names_its_format_and_key():
    key = DataKey.objects.create_key()
    blob = key.seal(b"c", b"x")
    assert blob[:5] == b"SEAL\x01"
    assert uuid.UUID(bytes=bytes(blob[5:21])) == key.pk
