"""Keyring files for tests."""

import base64
import os
import secrets
from pathlib import Path


def line(name: str, raw: bytes | None = None) -> str:
    """One line of a keyring, with a random key unless given."""
    return f"{name}:{base64.b64encode(raw or secrets.token_bytes(32)).decode()}"


def write(path: Path, *lines: str, mode: int = 0o600) -> Path:
    """Replace the keyring file, as an operator does: write beside it, then rename."""
    new = path.with_name(path.name + ".new")
    new.write_text("\n".join(lines) + "\n", encoding="utf-8")
    new.chmod(mode)
    os.replace(new, path)
    return path
