"""`make check`: lint, types, import contracts, templates, migrations, deployment, documents."""

import secrets
import subprocess
import tempfile
import time
from pathlib import Path

from tools import launch, places, setup
from tools.say import say


def checks() -> dict[str, list[str]]:
    """What is checked, with the command that does it."""
    templates = [
        str(p.relative_to(places.ROOT)) for p in (places.ROOT / "templates").rglob("*.html")
    ]
    return {
        "lint": ["ruff", "check", "--quiet", "."],
        "format": ["ruff", "format", "--check", "--quiet", "."],
        "types": ["mypy"],
        "imports": ["lint-imports"],
        "templates": ["djade", "--check", "--target-version", "5.2", *templates],
        "template lint": ["djlint", "--lint", "--quiet", "templates"],
        "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
        "permissions": ["python", "manage.py", "print_permissions", "--check"],
        "settings": ["python", "manage.py", "print_settings", "--check"],
        "translations": ["python", "manage.py", "check_translations"],
        "deployment": ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    }


def production(folder: Path) -> dict[str, str]:
    """What an installation sets; none of it is reached."""
    return {
        "PORTAL_ENV": "production", "PORTAL_DEMO": "0", "SECRET_KEY": secrets.token_urlsafe(60),
        "PORTAL_KEYRING": str(folder / "secrets" / "keyring"),
        "PORTAL_ORIGIN": "https://portal.example", "MAIL_URL": "smtp://mail.example:587?tls=starttls",
        "MAIL_FROM": "no-reply@portal.example", "CLAMD_URL": "tcp://clamav.example:3310",
        "SEAL_FILE": str(folder / "secrets" / "seal.p12"), "SEAL_PASSWORD": secrets.token_urlsafe(20),
    }  # fmt: skip


def main() -> int:
    """Run all of them and say which failed; migrations are compared with a real database."""
    setup.make_ready(development=True)
    failed = []
    with tempfile.TemporaryDirectory(prefix="portal-check-") as name:
        folder = Path(name)
        environment = launch.environment_for(folder) | {"PORTAL_ENV": "test", "PORTAL_DEMO": "0"}
        with launch.servers(folder, environment, durable=False):
            for what, command in checks().items():
                used = environment | (production(folder) if what == "deployment" else {})
                started = time.monotonic()
                done = subprocess.run(
                    command, cwd=places.ROOT, env=used, capture_output=True, text=True
                )
                mark = "ok" if done.returncode == 0 else "FAILED"
                say(f"{what:<14} {mark:<7} {time.monotonic() - started:5.1f} s")
                if done.returncode:
                    failed.append(what)
                    say((done.stdout + done.stderr).strip()[-6000:])
    say("All checks pass." if not failed else f"Failed: {', '.join(failed)}")
    return 1 if failed else 0
