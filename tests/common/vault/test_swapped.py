"""Sealed values moved to another place, by somebody who can write to the database, are refused."""

import pytest

from common.vault import DataKey, VaultRefused
from tests.common.vault.models import Note, Twin, column, put

pytestmark = pytest.mark.django_db

PLACES = {
    "another row": lambda note: (make_note(note.data_key, id=DataKey().pk), "body"),
    "another column": lambda note: (note, "title"),
    "another table, same row id": lambda note: (make_twin(note.data_key, id=note.pk), "body"),
    "another case's row": lambda note: (make_note(DataKey.objects.create_key()), "body"),
    "a json column": lambda note: (note, "answers"),
}


def make_note(key, **values):
    return Note.objects.create(data_key=key, title="t", body="b", **values)


def make_twin(key, **values):
    return Twin.objects.create(data_key=key, title="t", body="b", **values)


@pytest.mark.parametrize("place", PLACES)
def test_a_swapped_ciphertext_is_refused(note, place):
    row, name = PLACES[place](note)
    put(row, name, column(note, "body"))
    fresh = type(row).objects.get(pk=row.pk)
    with pytest.raises(VaultRefused):
        getattr(fresh, name)


@pytest.mark.parametrize("place", PLACES)
def test_a_refused_value_cannot_be_laundered_by_saving_the_row(note, place):
    row, name = PLACES[place](note)
    put(row, name, column(note, "body"))
    fresh = type(row).objects.get(pk=row.pk)
    if isinstance(fresh, Note):
        fresh.version += 1
        with pytest.raises(VaultRefused):
            fresh.save()
    else:
        fresh.save()
        with pytest.raises(VaultRefused):
            assert type(row).objects.get(pk=row.pk).body


def test_an_older_version_put_back_is_refused(note):
    older = column(note, "body")
    note.version, note.body = 2, "新"
    note.save()
    put(note, "body", older)
    with pytest.raises(VaultRefused):
        assert Note.objects.get(pk=note.pk).body


def test_a_version_set_back_without_the_text_is_refused(note):
    note.version = 2
    note.save()
    Note._base_manager.filter(pk=note.pk).update(version=1)
    with pytest.raises(VaultRefused):
        assert Note.objects.get(pk=note.pk).body


def test_a_row_pointed_at_another_case_key_is_refused(note):
    other = DataKey.objects.create_key()
    Note.objects.filter(pk=note.pk).update(data_key=other)
    with pytest.raises(VaultRefused, match="another key"):
        assert Note.objects.get(pk=note.pk).body


@pytest.mark.parametrize("position", [0, 4, 5, 20, 21, 33, -17, -16, -1])
def test_one_flipped_bit_is_refused_each_time(note, position):
    damaged = bytearray(column(note, "body"))
    damaged[position] ^= 0x80
    put(note, "body", bytes(damaged))
    fresh = Note.objects.get(pk=note.pk)
    for _attempt in range(2):
        with pytest.raises(VaultRefused):
            assert fresh.body


def test_plain_bytes_in_the_column_are_refused(note):
    put(note, "body", "本文".encode())
    with pytest.raises(VaultRefused, match="known form"):
        assert Note.objects.get(pk=note.pk).body


def test_no_message_of_the_vault_holds_content(note):
    put(note, "body", column(note, "title"))
    with pytest.raises(VaultRefused) as caught:
        assert Note.objects.get(pk=note.pk).body
    assert "件名" not in str(caught.value)
    assert caught.value.__cause__ is None
