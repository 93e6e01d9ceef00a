"""Servers, environment, first content and processes of one running portal."""

import base64
import fcntl
import os
import secrets
import shlex
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tools import places
from tools.processes import COMMANDS, CONTENT, MIGRATE
from tools.say import Trouble, say, step
from tools.servers import Postgres, Valkey, secret


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Keep a second run away from the same DATA. Raises Trouble."""
    path = folder / "run.lock"
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Trouble(
                f"A portal is already running from {folder}. Stop it (Ctrl-C in its window), "
                "or give this one a folder of its own: make run DATA=/path PORT=8001"
            ) from None
        yield


def check_port(port: int) -> None:
    """Raises Trouble where somebody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("PORTAL_BIND") or "127.0.0.1", port))
        except PermissionError:
            raise Trouble(f"Port {port} needs root. Try: make run PORT=8000") from None
        except OSError:
            raise Trouble(f"Port {port} is in use. Try: make run PORT={port + 1}") from None


@contextmanager
def servers(
    folder: Path, environment: dict[str, str], *, durable: bool = True
) -> Iterator[dict[str, str]]:
    """Give the environment a database and a broker, our own where none is named."""
    started: list[Postgres | Valkey] = []
    try:
        if not environment.get("DATABASE_URL"):
            with step("Starting PostgreSQL"):
                postgres = Postgres(folder, durable=durable)
                started.append(postgres)
                postgres.start()
            environment["DATABASE_URL"] = postgres.url("app")
            environment["DATABASE_OWNER_URL"] = postgres.url("owner")
        if not environment.get("REDIS_URL"):
            with step("Starting Valkey"):
                valkey = Valkey(folder)
                started.append(valkey)
                valkey.start()
            environment["REDIS_URL"] = valkey.url
        yield environment
    finally:
        for server in reversed(started):
            server.stop()


def environment_for(folder: Path) -> dict[str, str]:
    """The processes' environment: what is set, and for the rest secrets made once under DATA."""
    given = dict(os.environ)
    given.setdefault("PORTAL_ENV", "development")
    if given["PORTAL_ENV"] != "production":
        given.setdefault("PORTAL_DEMO", "1")
    given["DATA"] = str(folder)
    given["PATH"] = f"{places.VENV / 'bin'}{os.pathsep}{given.get('PATH', '')}"
    given.setdefault("PYTHONUNBUFFERED", "1")
    if given["PORTAL_ENV"] == "production":
        return given
    if not given.get("SECRET_KEY"):
        given["SECRET_KEY"] = secret(folder, "django") + secret(folder, "django2")
    keyring = folder / "secrets" / "keyring"
    if not given.get("PORTAL_KEYRING") and not keyring.exists():
        half = keyring.with_suffix(".half")
        half.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half.touch(mode=0o600)
        half.write_text("k1:" + base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
        half.replace(keyring)
    return given


def manage(environment: dict[str, str], command: str) -> None:
    """Run a set-up command. Raises Trouble with its last words."""
    done = subprocess.run(
        shlex.split(command), cwd=places.ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise Trouble(f"`{command}` failed: " + "\n".join(words[-12:]))


def prepare(environment: dict[str, str]) -> None:
    """Seal, messages, tables, starter content, and demonstration data where wanted."""
    with step("Preparing tables and content"):
        if environment["PORTAL_ENV"] != "production":
            manage(environment, "python manage.py make_seal")
        manage(environment, "python manage.py compile_translations")
        manage(environment, MIGRATE)
        manage(environment, CONTENT)
        if environment.get("PORTAL_DEMO") == "1":
            manage(environment, "python manage.py load_demo")


class Processes:
    """The portal's processes; one that ends by itself is started again."""

    def __init__(self, environment: dict[str, str], logs: Path) -> None:
        self.environment, self.logs = environment, logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str) -> None:
        """Start one in a process group of its own, so that Ctrl-C reaches only us."""
        log: IO[bytes] = (self.logs / f"{name}.log").open("ab")
        self.running[name] = subprocess.Popen(
            shlex.split(COMMANDS[name]), cwd=places.ROOT, env=self.environment, stdout=log,
            stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self.started[name] = time.monotonic()

    def start_all(self) -> None:
        """All three."""
        for name in COMMANDS:
            self.start(name)

    def keep_up(self) -> None:
        """Start again what has ended. Raises Trouble where one cannot stay up."""
        for name, process in list(self.running.items()):
            if process.poll() is None:
                continue
            if time.monotonic() - self.started[name] < 5:
                raise Trouble(f"The {name} does not start: {self.last_words(name)}")
            say(f"The {name} ended (code {process.returncode}); starting it again.")
            self.start(name)

    def last_words(self, name: str) -> str:
        """The end of a process's log."""
        path = self.logs / f"{name}.log"
        lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
        return "\n".join(lines[-8:]) or f"see {path}"

    def stop(self) -> None:
        """Let each finish what it does, then end it."""
        for process in self.running.values():
            _signal(process, signal.SIGTERM)
        until = time.monotonic() + 20
        for process in self.running.values():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
        for process in self.running.values():
            _signal(process, signal.SIGKILL)
            process.wait()

    def wait_until_well(self, url: str, seconds: float = 90) -> None:
        """Wait until /healthz says that every part works. Raises Trouble."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.keep_up()
            try:
                with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.3)
        raise Trouble(f"The portal does not become well; see {self.logs}.")


def _signal(process: "subprocess.Popen[bytes]", number: int) -> None:
    try:
        # The worker's group as a whole only at the end: a warm stop goes to its head alone.
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
    except ProcessLookupError:
        pass


@contextmanager
def portal(folder: Path, port: int, *, durable: bool = True) -> Iterator[tuple[str, Processes]]:
    """A whole portal, from servers to /healthz, stopped at the end; gives its address."""
    folder.mkdir(parents=True, exist_ok=True)
    with only_one(folder):
        check_port(port)
        environment = environment_for(folder)
        environment["PORT"] = str(port)
        with servers(folder, environment, durable=durable):
            prepare(environment)
            processes = Processes(environment, folder / "logs")
            host = environment.get("PORTAL_BIND") or "127.0.0.1"
            url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
            try:
                with step("Starting web, worker and scheduler"):
                    processes.start_all()
                    processes.wait_until_well(url)
                yield url, processes
            finally:
                processes.stop()
