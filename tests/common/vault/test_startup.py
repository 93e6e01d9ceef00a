"""A keyring that does not fit the database stops the portal before it serves anybody."""

import pytest
from django.core import checks
from django.db import OperationalError, connection

from common.vault import DataKey, DestroyReason, KeyringInvalid, check_ring, verify_at_start
from common.vault.checks import check_database, check_file
from common.vault.keyring import ring
from common.vault.models import KekSentinel
from tests.common.vault.keyrings import line, write

pytestmark = pytest.mark.django_db


def test_the_right_keyring_passes_and_leaves_a_sentinel():
    DataKey.objects.create_key()
    verify_at_start()
    check_ring()
    assert KekSentinel.objects.get().kek_id == "k1"


def test_a_wrong_key_of_the_right_name_stops_the_start(keyring_file, capsys):
    DataKey.objects.create_key()
    write(keyring_file, line("k1"))
    with pytest.raises(SystemExit) as caught:
        verify_at_start()
    assert caught.value.code == 3
    assert "k1 is another key" in capsys.readouterr().err


def test_a_wrong_key_is_noticed_while_no_data_key_exists(keyring_file):
    verify_at_start()
    write(keyring_file, line("k1"))
    with pytest.raises(KeyringInvalid, match="another key"):
        check_ring()


def test_a_wrong_old_key_is_noticed(keyring_file):
    DataKey.objects.create_key()
    write(keyring_file, line("k2"), line("k1"))
    with pytest.raises(KeyringInvalid, match="k1 is another key"):
        check_ring()


def test_a_wrong_key_is_noticed_without_a_sentinel(keyring_file):
    key = DataKey.objects.create_key()
    write(keyring_file, line("k2"), line("k1"))
    KekSentinel.objects.all().delete()
    with pytest.raises(KeyringInvalid, match=f"k1 does not open data key {key.pk}"):
        check_ring()


def test_a_removed_key_that_is_still_needed_stops_the_start(keyring_file):
    DataKey.objects.create_key()
    write(keyring_file, line("k2"))
    with pytest.raises(KeyringInvalid, match="k1 is missing, and 1 data keys"):
        check_ring()


def test_keys_of_destroyed_data_need_no_kek(keyring_file):
    DataKey.objects.create_key().destroy(DestroyReason.RETENTION)
    KekSentinel.objects.all().delete()
    write(keyring_file, line("k2"))
    check_ring()


def test_a_missing_file_stops_the_start(keyring_file, capsys):
    keyring_file.unlink()
    with pytest.raises(SystemExit):
        verify_at_start()
    assert "does not exist" in capsys.readouterr().err


def test_a_database_that_is_away_does_not_stop_the_start(monkeypatch):
    def away():
        raise OperationalError("no connection")

    monkeypatch.setattr(connection.introspection, "table_names", away)
    verify_at_start()


def test_a_database_without_tables_is_in_order(monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", list)
    check_ring()
    assert not KekSentinel.objects.exists()


def test_the_system_check_names_every_problem_of_the_file(keyring_file):
    assert check_file() == []
    write(keyring_file, "k1:abc", "K:abc")
    found = check_file()
    assert [item.level for item in found] == [checks.ERROR, checks.ERROR]


def test_a_missing_file_is_an_error_in_production_and_a_hint_elsewhere(keyring_file, settings):
    keyring_file.unlink()
    settings.PORTAL_ENV = "development"
    assert [item.level for item in check_file()] == [checks.WARNING]
    settings.PORTAL_ENV = "production"
    assert [item.level for item in check_file()] == [checks.ERROR]


def test_the_system_check_minds_permissions_in_production(keyring_file, settings):
    keyring_file.chmod(0o644)
    settings.PORTAL_ENV = "production"
    assert "read by others" in check_file()[0].msg


def test_the_database_check_finds_a_wrong_key(keyring_file):
    DataKey.objects.create_key()
    assert check_database(databases=["default"]) == []
    write(keyring_file, line("k1"))
    assert [item.id for item in check_database(databases=["default"])] == ["vault.E002"]
    assert check_database(databases=None) == []


def test_the_secret_key_has_nothing_to_do_with_it(settings):
    key = DataKey.objects.create_key()
    blob = key.seal(b"c", b"text")
    settings.SECRET_KEY = "another" * 10
    assert DataKey.objects.get(pk=key.pk).open(b"c", blob) == b"text"
    assert ring().active_id == "k1"
