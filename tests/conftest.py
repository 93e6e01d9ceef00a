"""A database made by its owner and used by the application's role; a keyring for all tests."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.utils import translation


@pytest.fixture(scope="session", autouse=True)
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key-encryption keys that live as long as the tests."""
    path = tmp_path_factory.mktemp("secrets") / "keyring"
    path.write_text("test:" + base64.b64encode(os.urandom(32)).decode() + "\n")
    path.chmod(0o600)
    django_settings.KEYRING_FILE = path
    return path


@pytest.fixture(scope="session", autouse=True)
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files and anchors of the tests."""
    path = tmp_path_factory.mktemp("data")
    django_settings.AUDIT_ANCHORS = path / "anchors"
    django_settings.STORAGES["sealed"]["OPTIONS"]["location"] = path / "files"
    return path


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """Production's cost is half a second a password; `tests/accounts` checks that it is set."""
    django_settings.PASSWORD_HASHERS = ["tests.hashers.CheapArgon2PasswordHasher"]


def _use(role: str) -> None:
    """Connect as the owner or as the application's role from now on."""
    connection.close()
    target = django_settings.DATABASE_OWNER if role == "owner" else _application()
    for name in ("USER", "PASSWORD", "OPTIONS"):
        connection.settings_dict[name] = target[name]


_kept: dict[str, Any] = {}


def _application() -> dict[str, Any]:
    return _kept


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Create the test database as the owner, as an installation does."""
    _kept.update({k: connection.settings_dict[k] for k in ("USER", "PASSWORD", "OPTIONS")})
    if django_settings.DATABASE_OWNER:
        _use("owner")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Once it stands, only the application's role uses it."""
    if django_settings.DATABASE_OWNER:
        _use("app")
    yield
    if django_settings.DATABASE_OWNER:
        _use("owner")


@pytest.fixture(scope="session", autouse=True)
def empty_after_committing() -> Iterator[None]:
    """Tests that commit are cleaned up by the owner: the application's role may not."""
    with pytest.MonkeyPatch.context() as patch:
        if django_settings.DATABASE_OWNER:
            patch.setattr("django.test.TransactionTestCase._fixture_teardown", _empty)
        yield


@pytest.fixture(autouse=True)
def in_japanese() -> Iterator[None]:
    """Each test begins in the first language, also after one that opened an English page."""
    with translation.override("ja"):
        yield


def _empty(_case: Any) -> None:
    """Empty all tables but those that migrations fill."""
    kept = {"django_migrations", "django_content_type", "auth_permission", "common_audithead"}
    _use("owner")
    with connection.cursor() as cursor:
        tables = [t for t in connection.introspection.table_names(cursor) if t not in kept]
        names = ", ".join(connection.ops.quote_name(t) for t in tables)
        cursor.execute("ALTER TABLE common_auditevent DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        cursor.execute("ALTER TABLE common_auditevent ENABLE TRIGGER USER")
        cursor.execute("UPDATE common_audithead SET seq = 0, hash = ''::bytea WHERE id = 1")
    _use("app")
    for other in connections.all():
        other.close()
