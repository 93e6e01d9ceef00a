"""Key-encryption keys: a file outside the database, `name:base64` a line, the first is active."""

import base64
import binascii
import logging
import re
import stat
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from common.vault.errors import KeyringInvalid, UnknownKek
from common.vault.secret import KEY_BYTES, Secret

logger = logging.getLogger(__name__)
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
#: 32 random bytes hold about 30 different values; fewer than this was typed, not drawn.
LEAST_VARIETY = 12
HOW_TO_MAKE = (
    'Make one with: python3 -c "import base64, secrets; '
    "print('k1:' + base64.b64encode(secrets.token_bytes(32)).decode())\""
)


@dataclass(frozen=True, eq=False)
class KeyRing:
    """Every key-encryption key by name; new data keys are wrapped under the active one."""

    active_id: str
    keys: Mapping[str, Secret]

    @property
    def active(self) -> Secret:
        """The key that wraps."""
        return self.keys[self.active_id]

    def key(self, kek_id: str) -> Secret:
        """The key of that name. Raises UnknownKek."""
        try:
            return self.keys[kek_id]
        except KeyError:
            raise UnknownKek(f"the keyring holds no key named {kek_id!r}") from None


def load(path: Path, *, strict: bool) -> KeyRing:
    """Read the file. Raises KeyringInvalid naming every problem; `strict` minds who may read it."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise KeyringInvalid([f"{path} does not exist. {HOW_TO_MAKE}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyringInvalid([f"{path} cannot be read ({type(error).__name__})."]) from None
    problems = []
    if strict and stat.S_IMODE(mode) & 0o037:
        problems.append(f"{path} may be read by others: chmod 600 it (440 for a mounted secret).")
    keys = _parse(text, problems)
    if not keys and not problems:
        problems.append(f"{path} holds no key. {HOW_TO_MAKE}")
    if problems:
        raise KeyringInvalid(problems)
    return KeyRing(next(iter(keys)), keys)


def _parse(text: str, problems: list[str]) -> dict[str, Secret]:
    """All keys in the order of the lines; what is wrong goes to `problems`, without the key."""
    keys: dict[str, Secret] = {}
    seen: dict[bytes, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.partition("#")[0].strip()
        if not entry:
            continue
        name, _, encoded = entry.partition(":")
        raw = _decode(encoded)
        if not NAME.fullmatch(name):
            problems.append(f"line {number}: a name is 1 to 40 of a-z 0-9 . _ - before the colon.")
        elif name in keys:
            problems.append(f"line {number}: {name} stands twice; every key has a name of its own.")
        elif raw is None or len(raw) != KEY_BYTES:
            problems.append(f"line {number}: {name} is not {KEY_BYTES} bytes in base64.")
        elif len(set(raw)) < LEAST_VARIETY:
            problems.append(f"line {number}: {name} is not random. {HOW_TO_MAKE}")
        elif raw in seen:
            problems.append(f"line {number}: {name} is the same key as {seen[raw]}.")
        else:
            keys[name] = Secret(raw)
            seen[raw] = name
    return keys


def _decode(encoded: str) -> bytes | None:
    """The bytes, or None where it is no base64."""
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None


@dataclass(frozen=True)
class _Kept:
    """The ring last read and how the file looked then."""

    stamp: tuple[str, int, int, int]
    ring: KeyRing


_lock = threading.Lock()
_kept: _Kept | None = None


def ring() -> KeyRing:
    """The ring of settings.KEYRING_FILE, read again when the file changes.

    Running processes so learn a new key without a restart. A file that has gone bad under a running
    process leaves it the ring it had; a new process raises KeyringInvalid.
    """
    global _kept
    path = Path(settings.KEYRING_FILE)
    strict = settings.PORTAL_ENV == "production"
    try:
        state = path.stat()
        stamp = (str(path), state.st_mtime_ns, state.st_size, state.st_ino)
    except OSError:
        stamp = (str(path), 0, 0, 0)
    with _lock:
        kept = _kept
        if kept is not None and kept.stamp == stamp:
            return kept.ring
        try:
            _kept = _Kept(stamp, load(path, strict=strict))
        except KeyringInvalid:
            if kept is None or kept.stamp[0] != stamp[0]:
                raise
            logger.error("the keyring file has become unusable; keeping the keys read before")
            return kept.ring
        return _kept.ring
