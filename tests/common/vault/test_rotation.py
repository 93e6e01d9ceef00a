"""Moving to a new key-encryption key while the portal runs."""

import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from common.vault import (
    DataKey,
    DestroyReason,
    KeyringInvalid,
    UnknownKek,
    VaultRefused,
    check_ring,
)
from common.vault import rotation as module
from common.vault.keyring import ring
from common.vault.models import KekSentinel
from common.vault.rotation import RotationBusy, remaining, rotate
from tests.common.vault.keyrings import line, write

OLD = bytes(range(32))
NEW = bytes(range(50, 82))


@pytest.fixture
def keyring_file(keyring_file):
    return write(keyring_file, line("old", OLD))


def start_rotation(keyring_file):
    write(keyring_file, line("new", NEW), line("old", OLD))


@pytest.mark.django_db
def test_every_key_moves_and_the_old_line_may_go(keyring_file):
    blobs = [(key := DataKey.objects.create_key(), key.seal(b"c", b"text")) for _ in range(7)]
    dead = DataKey.objects.create_key()
    dead.destroy(DestroyReason.RETENTION)
    start_rotation(keyring_file)
    assert remaining() == 7
    assert list(rotate(batch=3)) == [3, 3, 1]
    assert remaining() == 0
    assert KekSentinel.objects.get().pk == "new"
    write(keyring_file, line("new", NEW))
    check_ring()
    for key, blob in blobs:
        assert DataKey.objects.get(pk=key.pk).open(b"c", blob) == b"text"


@pytest.mark.django_db
def test_a_broken_off_rotation_goes_on_where_it_stopped(keyring_file):
    for _ in range(5):
        DataKey.objects.create_key()
    start_rotation(keyring_file)
    next(rotate(batch=2))
    assert remaining() == 3
    check_ring()
    assert sum(rotate(batch=2)) == 3


@pytest.mark.django_db
def test_the_command_says_how_far_it_is(keyring_file):
    for _ in range(3):
        DataKey.objects.create_key()
    start_rotation(keyring_file)
    out = StringIO()
    call_command("rotate_keyring", batch=2, stdout=out)
    assert out.getvalue().splitlines() == [
        "2 of 3 data keys",
        "3 of 3 data keys",
        "All data keys are under new; the other lines may be removed.",
    ]
    call_command("rotate_keyring", stdout=out)


@pytest.mark.django_db
def test_without_the_old_key_nothing_moves_and_nothing_breaks(keyring_file):
    key = DataKey.objects.create_key()
    write(keyring_file, line("new", NEW))
    with pytest.raises(UnknownKek):
        list(rotate())
    with pytest.raises(KeyringInvalid, match="old is missing"):
        check_ring()
    with pytest.raises(CommandError, match="old"):
        call_command("rotate_keyring")
    write(keyring_file, line("old", OLD))
    assert DataKey.objects.get(pk=key.pk).secret()


@pytest.mark.django_db
def test_a_wrong_old_key_changes_no_row(keyring_file):
    key = DataKey.objects.create_key()
    before = bytes(key.wrapped)
    write(keyring_file, line("new", NEW), line("old"))
    with pytest.raises(VaultRefused):
        list(rotate())
    assert bytes(DataKey.objects.get(pk=key.pk).wrapped) == before


def in_thread(work):
    """Run work with a connection of its own; give back the list that errors land in."""
    errors = []

    def guarded():
        try:
            work()
        except Exception as error:  # noqa: BLE001 - any error fails the test that started the thread
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=guarded)
    thread.start()
    return thread, errors


@pytest.mark.usefixtures("committed")
def test_rotation_under_traffic_loses_nothing_and_hinders_nobody(keyring_file):
    made = [(key := DataKey.objects.create_key(), key.seal(b"c", b"text")) for _ in range(60)]
    stop, reads = threading.Event(), []

    def read_and_write():
        number = 0
        while not stop.is_set():
            key, blob = made[number % len(made)]
            assert DataKey.objects.get(pk=key.pk).open(b"c", blob) == b"text"
            fresh = DataKey.objects.create_key()
            made.append((fresh, fresh.seal(b"c", b"text")))
            reads.append(number)
            number += 1

    traffic = [in_thread(read_and_write) for _ in range(2)]
    wait_for(lambda: len(reads) > 20)
    start_rotation(keyring_file)
    assert sum(rotate(batch=5)) >= 60
    during = len(reads)
    write(keyring_file, line("new", NEW))
    wait_for(lambda: len(reads) > during + 20)
    stop.set()
    for thread, errors in traffic:
        thread.join(20)
        assert errors == []
    check_ring()
    assert set(DataKey.objects.values_list("kek_id", flat=True)) == {"new"}
    for key, blob in made:
        assert DataKey.objects.get(pk=key.pk).open(b"c", blob) == b"text"


@pytest.mark.usefixtures("committed")
def test_rotation_waits_for_a_key_still_being_made_under_the_old_one(keyring_file):
    holding, release = threading.Event(), threading.Event()

    def slow_request():
        with transaction.atomic():
            DataKey.objects.create_key()
            holding.set()
            assert release.wait(20)

    slow, errors = in_thread(slow_request)
    assert holding.wait(20)
    start_rotation(keyring_file)
    with pytest.raises(RotationBusy):
        list(rotate(patience=0.5))
    release.set()
    slow.join(20)
    assert errors == []
    assert list(rotate()) == [1]
    assert DataKey.objects.get().kek_id == "new"


@pytest.mark.usefixtures("committed")
def test_rotation_passes_by_rows_in_use_and_comes_back_for_them(keyring_file):
    keys = [DataKey.objects.create_key() for _ in range(3)]
    start_rotation(keyring_file)
    holding, release = threading.Event(), threading.Event()

    def hold_one():
        with transaction.atomic():
            DataKey.objects.select_for_update().get(pk=keys[0].pk)
            holding.set()
            assert release.wait(20)

    holder, errors = in_thread(hold_one)
    assert holding.wait(20)
    steps = rotate()
    assert next(steps) == 2
    release.set()
    assert sum(steps) == 1
    holder.join(20)
    assert errors == []


@pytest.mark.usefixtures("committed")
def test_two_rotations_at_once_share_the_work(keyring_file):
    for _ in range(20):
        DataKey.objects.create_key()
    start_rotation(keyring_file)
    counts = []
    other, errors = in_thread(lambda: counts.append(sum(rotate(batch=2))))
    counts.append(sum(rotate(batch=2)))
    other.join(30)
    assert errors == []
    assert sum(counts) == 20


def wait_for(ready, seconds=20):
    """Until ready() or fail."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def test_the_lock_key_fits_into_postgresql():
    assert 0 < module.ROTATION_LOCK < 2**63
    assert ring().active_id == "old"
