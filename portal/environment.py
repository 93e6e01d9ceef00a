"""Reads every environment variable once, and names all wrong ones together.

`docs/settings.md` is printed from the declarations here (`manage.py print_settings`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

ENVIRONMENTS = ("development", "test", "production")
#: Shorter or more repetitive signing keys can be guessed; Django's own check uses the same bounds.
SECRET_LENGTH, SECRET_VARIETY = 50, 5
SEAL_PASSWORD_LENGTH = 12
DEVELOPMENT_SECRET = "development-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2


class WrongEnvironment(Exception):
    """One or more environment variables are missing or wrong; `problems` says which and what to do."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("Wrong environment:\n" + "\n".join(f"  - {line}" for line in problems))


@dataclass(frozen=True)
class Variable:
    """One variable: how it is read, what it defaults to, and what it is for."""

    name: str
    purpose: str
    read: Callable[[str], object]
    default: str | None = ""
    production: str = "optional"


@dataclass(frozen=True)
class Url:
    """A parsed URL-like setting."""

    raw: str
    scheme: str
    user: str
    password: str
    host: str
    port: int | None
    path: str
    options: dict[str, str]


def text(value: str) -> str:
    """Any text."""
    return value


def flag(value: str) -> bool:
    """0 or 1."""
    if value not in ("0", "1"):
        raise ValueError("is 0 or 1")
    return value == "1"


def number(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise ValueError(f"is a whole number from {low} to {high}")
        return int(value)

    return read


def choice(*options: str) -> Callable[[str], str]:
    """One of the given words."""

    def read(value: str) -> str:
        if value not in options:
            raise ValueError("is one of " + ", ".join(options))
        return value

    return read


def url(*schemes: str) -> Callable[[str], Url]:
    """A URL with one of the given schemes."""

    def read(value: str) -> Url:
        wanted = "looks like " + " or ".join(f"{scheme}://…" for scheme in schemes)
        try:
            parts = urlsplit(value)
            port = parts.port
        except ValueError as error:
            raise ValueError(wanted) from error
        if parts.scheme not in schemes:
            raise ValueError(wanted)
        return Url(
            raw=value,
            scheme=parts.scheme,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            host=parts.hostname or "",
            port=port,
            path=unquote(parts.path),
            options=dict(parse_qsl(parts.query)),
        )

    return read


def origin(value: str) -> Url:
    """A scheme, a host and perhaps a port."""
    found = url("http", "https")(value)
    if not found.host or found.path not in ("", "/") or found.options or found.user:
        raise ValueError("looks like https://portal.example, without a path")
    return found


def words(value: str) -> list[str]:
    """Comma-separated words."""
    return [word.strip() for word in value.split(",") if word.strip()]


VARIABLES = (
    Variable("PORTAL_ENV", "Kind of installation.", choice(*ENVIRONMENTS), "development"),
    Variable(
        "PORTAL_DEMO", "1 loads fictional firms and accounts; refused in production.", flag, "0"
    ),
    Variable("DATA", "Folder for everything the portal keeps on disk.", Path, "var"),
    Variable(
        "SECRET_KEY",
        "Signs cookies and links. At least 50 varied characters.",
        text,
        DEVELOPMENT_SECRET,
        "required",
    ),
    Variable(
        "DATABASE_URL",
        "PostgreSQL 15 or newer, as the application's role.",
        url("postgres", "postgresql"),
        "postgres://portal_app@127.0.0.1:5432/portal",
        "required",
    ),
    Variable(
        "DATABASE_OWNER_URL",
        "The same database as the role that owns the tables; used by migrations only.",
        url("postgres", "postgresql"),
        None,
        "required for migrate",
    ),
    Variable(
        "DATABASE_ROLE", "Which of the two roles this process uses.", choice("app", "owner"), "app"
    ),
    Variable(
        "REDIS_URL",
        "Redis or Valkey that wakes the workers. Nothing is kept there.",
        url("redis", "rediss", "unix"),
        "redis://127.0.0.1:6379/0",
        "required",
    ),
    Variable(
        "PORTAL_KEYRING",
        "File with the key-encryption keys, one `name:base64` a line, active first.",
        Path,
        None,
        "required",
    ),
    Variable(
        "PORTAL_ORIGIN",
        "Address people use, without a path; links in mails start with it.",
        origin,
        None,
        "required, https",
    ),
    Variable("PORTAL_HOSTS", "Host names answered, with commas; default the origin's.", words, ""),
    Variable("PORT", "Port the web server listens on.", number(1, 65535), "8000"),
    Variable("PORTAL_BIND", "Interface the web server listens on.", text, "127.0.0.1"),
    Variable("WEB_WORKERS", "Web server processes.", number(1, 64), "2"),
    Variable("WORKER_CHILDREN", "Processes of one worker.", number(1, 64), "2"),
    Variable(
        "MAIL_URL",
        "`ledger:` keeps mails in the ledger only; `smtp://user:pass@host:587?tls=starttls` sends.",
        url("ledger", "smtp"),
        "ledger:",
        "required, smtp",
    ),
    Variable("MAIL_FROM", "Sender of all mails.", text, "no-reply@portal.example", "required"),
    Variable(
        "CLAMD_URL",
        "Virus scanner: `tcp://host:3310`, `unix:/path`, or `none:` (files stay 未検査).",
        url("none", "tcp", "unix"),
        "none:",
        "required, not none",
    ),
    Variable(
        "STORAGE_URL",
        "`file:` keeps sealed files under DATA/files; `s3://bucket?endpoint=…&region=…`.",
        url("file", "s3"),
        "file:",
    ),
    Variable("SEAL_FILE", "PKCS#12 with the key that seals PDFs.", Path, None, "required"),
    Variable("SEAL_PASSWORD", "Opens SEAL_FILE.", text, "", "required"),
    Variable("TSA_URL", "RFC 3161 time-stamp service for the seal.", url("http", "https"), None),
    Variable("AUDIT_ANCHORS", "Folder for the audit log's daily anchors.", Path, None),
    Variable("PROXY_COUNT", "Trusted proxies in front of the web server.", number(0, 9), "0"),
    Variable(
        "LOG_LEVEL",
        "Least severe line logged.",
        choice("DEBUG", "INFO", "WARNING", "ERROR"),
        "INFO",
    ),
)


def read_environment(environ: Mapping[str, str]) -> dict[str, object]:
    """Return every variable, typed.

    Raises WrongEnvironment that lists all problems at once.
    """
    values: dict[str, object] = {}
    problems: list[str] = []
    for variable in VARIABLES:
        raw = environ.get(variable.name) or variable.default
        if raw is None:
            values[variable.name] = None
            continue
        try:
            values[variable.name] = variable.read(raw)
        except ValueError as error:
            shown = "" if _secret(variable.name) else f", not {raw[:60]!r}"
            problems.append(f"{variable.name} {error}{shown}. {variable.purpose}")
    if not problems:
        _fill_derived(values)
        if values["PORTAL_ENV"] == "production":
            problems += _production_problems(values, environ)
    if problems:
        raise WrongEnvironment(problems)
    return values


def _secret(name: str) -> bool:
    """Whether a value may hold a password and must not be repeated."""
    return name.endswith(("KEY", "URL", "PASSWORD"))


def _fill_derived(values: dict[str, object]) -> None:
    """Derive the paths and the origin that depend on other values."""
    data = Path(str(values["DATA"])).absolute()
    values["DATA"] = data
    for name, default in (
        ("PORTAL_KEYRING", data / "secrets" / "keyring"),
        ("SEAL_FILE", data / "secrets" / "seal.p12"),
        ("AUDIT_ANCHORS", data / "anchors"),
    ):
        values[name] = values[name] or default
    values["PORTAL_ORIGIN"] = values["PORTAL_ORIGIN"] or url("http")(
        f"http://127.0.0.1:{values['PORT']}"
    )


def _production_problems(values: dict[str, object], environ: Mapping[str, str]) -> list[str]:
    """What is tolerable on a developer's machine and not in production."""
    problems = [
        f"{variable.name} is not set. {variable.purpose}"
        for variable in VARIABLES
        if variable.production.startswith("required")
        and not variable.production.endswith("migrate")
        and not environ.get(variable.name)
    ]
    secret = str(values["SECRET_KEY"])
    if environ.get("SECRET_KEY") and (
        len(secret) < SECRET_LENGTH or len(set(secret)) < SECRET_VARIETY or secret.startswith("dev")
    ):
        problems.append(
            "SECRET_KEY is weak: use 50 or more random characters "
            "(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')."
        )
    if environ.get("SEAL_PASSWORD") and len(str(values["SEAL_PASSWORD"])) < SEAL_PASSWORD_LENGTH:
        problems.append(f"SEAL_PASSWORD is weak: use {SEAL_PASSWORD_LENGTH} or more characters.")
    if values["PORTAL_DEMO"]:
        problems.append("PORTAL_DEMO=1 is refused in production: its passwords are public.")
    wanted = {"PORTAL_ORIGIN": "https", "MAIL_URL": "smtp"}
    for name, scheme in wanted.items():
        value = values[name]
        if environ.get(name) and isinstance(value, Url) and value.scheme != scheme:
            problems.append(f"{name} starts with {scheme}: in production.")
    scanner = values["CLAMD_URL"]
    if environ.get("CLAMD_URL") and isinstance(scanner, Url) and scanner.scheme == "none":
        problems.append("CLAMD_URL=none: is refused in production: no file may go unscanned.")
    return problems
