"""A whole portal whose parts a test can kill, freeze, empty and look into."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import redis

from tools import launch, places
from tools.browser import Person
from tools.servers import Postgres, Valkey, secret


def eventually(holds: Callable[[], Any], what: str, *, seconds: float = 90) -> Any:
    """Wait until something holds; fails saying what did not."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(psycopg2.OperationalError):
            if found := holds():
                return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} seconds: {what}")


class Whole:
    """The running portal: its address, its processes, its servers, its database."""

    def __init__(self, url: str, processes: launch.Processes, folder: Path) -> None:
        self.url, self.processes, self.folder = url, processes, folder
        environment = processes.environment
        self.postgres = Postgres(
            folder, durable=False, port=urlsplit(environment["DATABASE_URL"]).port or 0
        )
        self.valkey = Valkey(folder, port=urlsplit(environment["REDIS_URL"]).port or 0)

    # --- database ----------------------------------------------------------------------------
    def connect(self) -> Any:
        """A connection as the server's superuser, in autocommit."""
        connection = psycopg2.connect(
            host="127.0.0.1", port=self.postgres.port, dbname="portal",
            user=self.postgres.superuser, password=secret(self.folder, "postgres-superuser"),
        )  # fmt: skip
        connection.autocommit = True
        return connection

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query gives; nothing for a statement without rows."""
        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                return list(cursor) if cursor.description else []
        finally:
            connection.close()

    def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row."""
        return self.rows(sql, *values)[0][0]

    def open_jobs(self) -> int:
        """Jobs that are neither done nor given up."""
        return int(
            self.value("SELECT count(*) FROM common_job WHERE state IN ('queued', 'running')")
        )

    def settle(self, seconds: float = 120) -> None:
        """Wait until every accepted job is done or dead."""
        eventually(lambda: self.open_jobs() == 0, "all jobs done or dead", seconds=seconds)

    # --- processes ---------------------------------------------------------------------------
    def pid(self, name: str) -> int:
        """A process's number."""
        return self.processes.running[name].pid

    def kill_group(self, name: str) -> None:
        """kill -9 of a process and everything it started."""
        os.killpg(self.pid(name), signal.SIGKILL)
        self.processes.running[name].wait()

    def stop(self, name: str) -> None:
        """A warm stop: it ends what it does."""
        self.processes.running[name].terminate()
        self.processes.running[name].wait(60)

    def start(self, name: str) -> None:
        """Start a process again, as the supervisor does."""
        self.processes.start(name)

    def restart(self, *names: str) -> None:
        """Whatever of these does not run is started again; waits until all is well."""
        for name in names:
            if self.processes.running[name].poll() is not None:
                self.start(name)
        self.processes.wait_until_well(self.url)

    def script(self, *arguments: str, **environment: str) -> str:
        """Run Python with the portal's environment; gives what it prints."""
        done = subprocess.run(
            [str(places.PYTHON), *arguments], cwd=places.ROOT, capture_output=True, text=True,
            env=self.processes.environment | environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    # --- broker ------------------------------------------------------------------------------
    def broker(self) -> "redis.Redis":
        """A client of Valkey."""
        return redis.Redis.from_url(
            self.processes.environment["REDIS_URL"], socket_timeout=3, retry=None
        )

    def broker_pid(self) -> int:
        """Valkey's process."""
        return int(self.broker().info("server")["process_id"])

    def kill_broker(self) -> None:
        """kill -9; what it held is gone."""
        pid = self.broker_pid()
        os.kill(pid, signal.SIGKILL)
        # Its parent may be this process: then it must be waited for, or its port stays taken.
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)

    def start_broker(self) -> None:
        """An empty Valkey at the same address."""
        self.valkey.start()

    # --- people ------------------------------------------------------------------------------
    def answer_to(self, person: Person, path: str) -> tuple[int, float]:
        """Status of a page, and how long it took."""
        started = time.monotonic()
        return person.get(path).status, time.monotonic() - started


def children(pid: int) -> list[int]:
    """Processes that this one started and that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(after_name[1]) == pid and after_name[0] != "Z":
                    found.append(int(entry.name))
    return found


def command(pid: int) -> str:
    """A process's command line; empty where it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""
