"""A keyring of their own for all tests of the vault, and tables for the test models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from common.vault import DataKey
from common.vault.models import KekSentinel
from tests.common.vault.keyrings import line, write
from tests.common.vault.models import Note, create_tables


@pytest.fixture(autouse=True)
def keyring_file(tmp_path: Path, settings) -> Path:
    settings.KEYRING_FILE = write(tmp_path / "keyring", line("k1"))
    return settings.KEYRING_FILE


@pytest.fixture
def tables(db) -> None:
    create_tables()


@pytest.fixture
def key(tables) -> DataKey:
    return DataKey.objects.create_key()


@pytest.fixture
def note(key: DataKey) -> Note:
    return Note.objects.create(
        data_key=key, title="件名", body="本文", answers={"国": ["ベトナム"]}
    )


@pytest.fixture
def committed(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The database without a surrounding transaction, for threads; keys made are removed after."""
    with django_db_blocker.unblock():
        DataKey.objects.all().delete()
        KekSentinel.objects.all().delete()
        yield
        DataKey.objects.all().delete()
        KekSentinel.objects.all().delete()
