"""Everything a machine with nothing prepared lacks: packages, virtual environment, folders."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import places, system
from tools.say import Trouble, say, step

#: Free space that a first set-up needs, in bytes.
ROOM = 1_500 * 1024 * 1024
ROOM_LATER = 200 * 1024 * 1024
NETWORK = ("ConnectionError", "NewConnectionError", "Max retries", "Temporary failure in name",
           "Network is unreachable", "ReadTimeout", "ProxyError", "No matching distribution")  # fmt: skip


def make_ready(*, development: bool) -> None:
    """Bring everything up to date; where all is there, this takes well under a second."""
    ready = is_ready(development)
    check_room(places.data(), ROOM_LATER if ready else ROOM)
    log = places.data() / "logs" / "setup.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    system.install(system.RUN + (system.TEST if development else ()), log)
    if ready:
        return
    if places.VENV.exists() and not _works():
        say("An earlier set-up did not finish; starting it again.")
        shutil.rmtree(places.VENV)
    if not places.VENV.exists():
        _make_venv(log)
    _install(requirements(development), log)
    _mark(development).touch()


def requirements(development: bool) -> Path:
    """The hash-pinned list."""
    return places.ROOT / ("requirements-dev.txt" if development else "requirements.txt")


def _mark(development: bool) -> Path:
    """Exists once exactly this list is installed."""
    digest = hashlib.sha256(requirements(development).read_bytes()).hexdigest()[:16]
    return places.VENV / f"portal-{'dev' if development else 'run'}-{digest}"


def is_ready(development: bool) -> bool:
    """Whether the list is installed; the development list holds the other."""
    return _mark(True).exists() or (not development and _mark(False).exists())


def _works() -> bool:
    if not places.PYTHON.exists():
        return False
    asked = subprocess.run([places.PYTHON, "-m", "pip", "--version"], capture_output=True)
    return asked.returncode == 0


def _make_venv(log: Path) -> None:
    with step("Making the virtual environment"), log.open("ab") as output:
        made = subprocess.run(
            [sys.executable, "-m", "venv", str(places.VENV)], stdout=output, stderr=output
        )
    if made.returncode == 0 and _works():
        return
    shutil.rmtree(places.VENV, ignore_errors=True)
    package = f"python3.{sys.version_info.minor}-venv"
    raise Trouble(
        f"Python cannot make a virtual environment here. Install its venv part (Debian or Ubuntu: "
        f"apt-get install {package}), then run the command again. Details: {log}"
    )


def _install(wanted: Path, log: Path) -> None:
    command = [str(places.PYTHON), "-m", "pip", "install", "--require-hashes", "--no-input",
               "--disable-pip-version-check", "-r", str(wanted)]  # fmt: skip
    with step(f"Installing {wanted.name} (a minute or two the first time)"):
        done = subprocess.run(command, capture_output=True, text=True)
    with log.open("a", encoding="utf-8") as output:
        output.write(done.stdout + done.stderr)
    if done.returncode:
        raise Trouble(why_not(done.stdout + done.stderr, log))


def why_not(output: str, log: Path) -> str:
    """A failed installation in one sentence, with the next step."""
    if "No space left" in output:
        return f"The disk is full. Free 1.5 GB beside {places.ROOT}, then run the command again."
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in output:
        return (
            "A downloaded package is not the one that was pinned, so nothing was installed. "
            f"Try again; if it stays so, the package source is not to be trusted. Details: {log}"
        )
    if any(sign in output for sign in NETWORK):
        return (
            "The package index cannot be reached. Check the network (or pip's index and proxy "
            f"settings), then run the command again. Details: {log}"
        )
    return f"pip could not install the requirements. Details: {log}"


def check_room(folder: Path, needed: int) -> None:
    """Make the folder. Raises Trouble where it cannot be written or the disk is nearly full."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / f".trial-{os.getpid()}"
        trial.write_bytes(b"x" * 4096)
        trial.unlink()
    except OSError as error:
        raise Trouble(
            f"{folder} cannot be written ({error.strerror}). "
            "Choose another folder: make run DATA=/path/to/folder"
        ) from None
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Trouble(
            f"Only {free // 1024**2} MB are free at {folder}; {needed // 1024**2} MB are needed. "
            "Free some space or choose another folder: make run DATA=/path/to/folder"
        )


def main() -> int:
    """Prepare for development and stop there."""
    make_ready(development=True)
    say("Ready.")
    return 0
