"""The environment: every wrong variable is named at once, and production refuses what is not safe."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from portal import settings as module
from portal.environment import (
    DEVELOPMENT_SECRET,
    VARIABLES,
    Url,
    WrongEnvironment,
    read_environment,
)

#: A value that no reading of the variable takes; those that take any text have none.
WRONG = {
    "PORTAL_ENV": "staging", "PORTAL_DEMO": "yes", "DATABASE_URL": "mysql://x",
    "DATABASE_OWNER_URL": "sqlite:///x", "DATABASE_ROLE": "root", "REDIS_URL": "http://x",
    "PORTAL_ORIGIN": "portal.example", "PORT": "65536", "WEB_WORKERS": "0", "WORKER_CHILDREN": "many",
    "MAIL_URL": "imap://x", "CLAMD_URL": "file:/x", "STORAGE_URL": "ftp://x", "TSA_URL": "ftp://x",
    "PROXY_COUNT": "-1", "LOG_LEVEL": "LOUD",
}  # fmt: skip
ANY_TEXT = {"DATA", "SECRET_KEY", "PORTAL_KEYRING", "PORTAL_HOSTS", "PORTAL_BIND", "MAIL_FROM",
            "SEAL_FILE", "SEAL_PASSWORD", "AUDIT_ANCHORS"}  # fmt: skip
SOUND = {
    "PORTAL_ENV": "production", "SECRET_KEY": "aB3-xY9_" * 10,
    "DATABASE_URL": "postgres://app:secret@db.example/portal", "REDIS_URL": "rediss://:x@redis.example",
    "PORTAL_KEYRING": "/run/secrets/keyring", "PORTAL_ORIGIN": "https://portal.example",
    "MAIL_URL": "smtp://user:p%40ss@mail.example:587?tls=starttls", "MAIL_FROM": "no-reply@portal.example",
    "CLAMD_URL": "tcp://clamav.example:3310", "SEAL_FILE": "/run/secrets/seal.p12",
    "SEAL_PASSWORD": "long-enough-password",
}  # fmt: skip


def problems(**environ: str) -> list[str]:
    """What is said of an environment; empty where nothing is."""
    try:
        read_environment(environ)
    except WrongEnvironment as wrong:
        return wrong.problems
    return []


def named(found: list[str]) -> set[str]:
    """Which variables are spoken of."""
    return {line.split(" ")[0].split("=")[0] for line in found}


def test_nothing_set_is_a_sound_development() -> None:
    """A fresh machine needs no variable."""
    values = read_environment({})
    assert values["PORTAL_ENV"] == "development"
    assert values["PORTAL_DEMO"] is False
    assert isinstance(values["PORTAL_ORIGIN"], Url)
    assert values["PORTAL_KEYRING"] == Path("var").absolute() / "secrets" / "keyring"


def test_every_variable_is_looked_at_here() -> None:
    """A new one is thought of in this file."""
    assert set(WRONG) | ANY_TEXT == {variable.name for variable in VARIABLES}


def test_all_wrong_variables_are_named_together() -> None:
    """Each with what it is and what it was; nobody starts the portal fifteen times to learn of them."""
    found = problems(**WRONG)
    assert named(found) == set(WRONG)
    assert len(found) == len(WRONG)
    with pytest.raises(WrongEnvironment) as wrong:
        read_environment(WRONG)
    assert str(wrong.value).count("\n  - ") == len(WRONG)
    for variable in VARIABLES:
        if variable.name in WRONG:
            (line,) = [text for text in found if text.startswith(f"{variable.name} ")]
            assert line.endswith(variable.purpose)


def test_a_value_that_may_hold_a_password_is_not_repeated() -> None:
    """Logs of a start are read by many."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MAIL_URL", "STORAGE_URL"):
        assert "geheim" not in str(problems(**{name: "x://user:geheim@host"}))
    assert "LOUD" in str(problems(LOG_LEVEL="LOUD"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", v) for v in ("0", "-1", "８０００", "8000.0", "1e3", "", "99999999999", "٣")]
    + [("WEB_WORKERS", v) for v in ("65", "a")] + [("PORTAL_DEMO", v) for v in ("2", "true", " 1")]
    + [("PORTAL_ORIGIN", v) for v in ("https://", "https://a/b", "https://a?b=c", "https://a:b@c")]
    + [("DATABASE_URL", v) for v in ("x", "postgres://h:port/d", "postgres://[::1/d")],
)  # fmt: skip
def test_a_value_is_read_strictly(name: str, value: str) -> None:
    """Empty counts as not set; nothing else is guessed at."""
    assert bool(problems(**{name: value})) is (value != "")
    assert problems(PORTAL_ORIGIN="http://127.0.0.1:8000/") == []


def test_addresses_are_taken_apart() -> None:
    """Percent signs in passwords, options after the question mark, the default of a port."""
    values = read_environment(SOUND)
    mail = values["MAIL_URL"]
    assert isinstance(mail, Url)
    assert (mail.user, mail.password, mail.host, mail.port) == ("user", "p@ss", "mail.example", 587)
    assert mail.options == {"tls": "starttls"}
    assert read_environment({"PORTAL_HOSTS": " a.example, b.example ,"})["PORTAL_HOSTS"] == [
        "a.example",
        "b.example",
    ]
    assert read_environment({"PORT": "8765"})["PORTAL_ORIGIN"].raw == "http://127.0.0.1:8765"  # type: ignore[attr-defined]


# --- Production ---------------------------------------------------------------------------------


def test_a_sound_production_starts() -> None:
    """With exactly what it needs."""
    assert problems(**SOUND) == []


@pytest.mark.parametrize("missing", sorted(set(SOUND) - {"PORTAL_ENV"}))
def test_production_refuses_a_missing_secret(missing: str) -> None:
    """And names it, with what it is for."""
    found = problems(**{name: value for name, value in SOUND.items() if name != missing})
    assert named(found) == {missing}
    assert "is not set" in found[0]


def test_production_names_all_that_is_missing_at_once() -> None:
    """Not one by one."""
    assert named(problems(PORTAL_ENV="production")) == set(SOUND) - {"PORTAL_ENV"}


@pytest.mark.parametrize(
    "secret",
    ["short", "a" * 80, "abcd" * 20, DEVELOPMENT_SECRET, "dev" + "aB3-" * 20, "x" * 49 + "y"],
)
def test_production_refuses_a_weak_secret(secret: str) -> None:
    """Too short, of too few letters, or the one everybody knows; it is not repeated."""
    found = problems(**{**SOUND, "SECRET_KEY": secret})
    assert named(found) == {"SECRET_KEY"}
    assert secret not in found[0]
    assert "token_urlsafe" in found[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORTAL_DEMO", "1"), ("PORTAL_ORIGIN", "http://portal.example"), ("MAIL_URL", "ledger:"),
     ("CLAMD_URL", "none:"), ("SEAL_PASSWORD", "short")],
)  # fmt: skip
def test_production_refuses_what_only_a_developer_may(name: str, value: str) -> None:
    """Public passwords, plain HTTP, mails that stay here, files that nobody scans."""
    assert named(problems(**{**SOUND, name: value})) == {name}


def test_the_same_is_fine_elsewhere() -> None:
    """Where nobody's secrets are."""
    for environment in ("development", "test"):
        assert problems(PORTAL_ENV=environment, PORTAL_DEMO="1", CLAMD_URL="none:") == []


def _start(*command: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: os.environ[name] for name in ("PATH",)}
    return subprocess.run(
        [sys.executable, *command], env=kept | environ, cwd=settings.BASE_DIR,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [("manage.py", "check"), ("-c", "import portal.wsgi"), ("-c", "import portal.celery"),
     ("-c", "import portal.server")],
    ids=["manage.py", "web", "worker", "gunicorn"],
)  # fmt: skip
def test_no_process_starts_in_a_wrong_environment(command: tuple[str, ...]) -> None:
    """Each says what is wrong, without a traceback, and ends with a code other than 0."""
    done = _start(*command, PORTAL_ENV="production", PORTAL_DEMO="1")
    assert done.returncode != 0
    for name in ("SECRET_KEY", "DATABASE_URL", "PORTAL_KEYRING", "CLAMD_URL", "PORTAL_DEMO"):
        assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_demonstration_accounts_are_loaded_in_a_demonstration_only(settings: Any) -> None:
    """Their passwords are in the README."""
    settings.PORTAL_DEMO = False
    with pytest.raises(CommandError, match="PORTAL_DEMO"):
        call_command("load_demo")


# --- What follows from it -----------------------------------------------------------------------


def test_passwords_are_hashed_with_argon2_at_its_usual_cost() -> None:
    """Tests alone use a cheaper one."""
    assert module.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_production_cookies_and_transport_are_locked_down() -> None:
    """Host-bound, secure, unreadable for scripts; HSTS; the lengths of sessions."""
    code = (
        "from portal import settings as s; print([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
        " s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS >= 31536000, s.ALLOWED_HOSTS, s.DEBUG])"
    )
    done = _start("-c", code, **SOUND)
    assert done.stdout.strip() == str(
        ["__Host-session", "__Host-csrf", True, True, True, True, "Lax", True, True,
         ["portal.example"], False]
    )  # fmt: skip


def test_debugging_is_off_everywhere() -> None:
    """Its pages show settings and local variables."""
    assert module.DEBUG is False


def test_the_printed_settings_are_up_to_date() -> None:
    """docs/settings.md is made from the declarations."""
    call_command("print_settings", "--check")
    text = (settings.BASE_DIR / "docs" / "settings.md").read_text(encoding="utf-8")
    for variable in VARIABLES:
        assert f"| `{variable.name}` |" in text
    assert not re.search(DEVELOPMENT_SECRET[:30], text)
