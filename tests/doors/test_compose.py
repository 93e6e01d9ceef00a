"""The compose file: its shape, and that its commands are those that the tests and `make run` start."""

import re
import shlex
from typing import Any

import pytest
import yaml

from tools import places
from tools.processes import COMMANDS, CONTENT, MIGRATE
from tools.servers import QUIET

TEXT = (places.ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "worker", "scheduler", "migrate")
#: Keys that the compose specification knows for a service, as far as they are used here.
KNOWN = {
    "build", "image", "env_file", "environment", "secrets", "volumes", "read_only", "tmpfs", "user",
    "cap_drop", "security_opt", "restart", "command", "depends_on", "healthcheck", "ports",
    "stop_grace_period", "shm_size",
}  # fmt: skip


def test_all_parts_are_there() -> None:
    """And nothing but what the specification knows."""
    assert set(SERVICES) == {"postgres", "redis", "clamav", *OURS}
    for name, service in SERVICES.items():
        assert set(service) <= KNOWN, name
    assert set(COMPOSE) <= {"services", "volumes", "secrets", "x-portal"}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_are_those_that_make_run_starts(name: str) -> None:
    """One place says how a process starts; the faults tests run these very strings."""
    assert SERVICES[name]["command"] == COMMANDS[name]


def test_the_one_shot_service_runs_the_same_commands_too() -> None:
    """Tables, then content; the others wait until it has ended well."""
    assert SERVICES["migrate"]["command"] == ["sh", "-c", f"{MIGRATE} && {CONTENT}"]
    for name in COMMANDS:
        waits = SERVICES[name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}
        assert waits["postgres"] == {"condition": "service_healthy"}


def test_the_databases_log_repeats_nothing_here_either() -> None:
    """Rows and statements stay out of it, as with the embedded one."""
    assert SERVICES["postgres"]["command"] == "postgres" + "".join(f" -c {one}" for one in QUIET)


@pytest.mark.parametrize("name", ["postgres", "redis", "clamav", *COMMANDS])
def test_every_lasting_service_is_checked(name: str) -> None:
    """A check has a test, an interval and a bound."""
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in ("CMD", "CMD-SHELL")
    for key in ("interval", "timeout"):
        assert re.fullmatch(r"\d+s", check[key])
    assert check["retries"] > 1


@pytest.mark.parametrize("name", OURS)
def test_ours_run_confined(name: str) -> None:
    """Not as root, without rights, on a file system that cannot be written."""
    service = SERVICES[name]
    assert service["user"].split(":")[0] not in ("0", "root")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert any(entry.startswith("/tmp") for entry in service["tmpfs"])


@pytest.mark.parametrize("name", ["web", "worker"])
def test_ours_scale(name: str) -> None:
    """No fixed name, no single port, no volume of its own."""
    service = SERVICES[name]
    assert "container_name" not in service
    assert service["volumes"] == ["files:/data"]
    for port in service.get("ports", []):
        assert re.search(r":-127\.0\.0\.1:\d+-\d+\}:8000$", port)


def test_only_the_migration_knows_the_owner() -> None:
    """The application's processes cannot change tables or the audit log."""
    for name in COMMANDS:
        assert "DATABASE_OWNER_URL" not in SERVICES[name]["environment"]
    assert "portal_owner" in SERVICES["migrate"]["environment"]["DATABASE_OWNER_URL"]


def test_no_secret_is_written_down() -> None:
    """Each comes from .env or from a file."""
    for line in TEXT.splitlines():
        if re.search(r"PASSWORD: ", line):
            assert re.search(r"PASSWORD: \$\{\w+:-\}", line), line
    example = (places.ROOT / ".env.example").read_text(encoding="utf-8")
    for name in (
        "SECRET_KEY",
        "OWNER_PASSWORD",
        "APP_PASSWORD",
        "POSTGRES_PASSWORD",
        "SEAL_PASSWORD",
    ):
        assert f"\n{name}=\n" in example


def test_versions_are_new_enough() -> None:
    """PostgreSQL 15 or newer; the image runs a Python that the portal supports."""
    found = re.match(r"postgres:(\d+)", SERVICES["postgres"]["image"])
    assert found
    assert int(found.group(1)) >= 15
    docker = (places.ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"FROM python:3\.1[1-4]", docker)
    assert "--require-hashes -r requirements.txt" in docker
    assert re.search(r"^USER portal$", docker, re.M)


def test_commands_can_be_split_without_a_shell() -> None:
    """So they mean the same in a container and under `make run`."""
    for command in COMMANDS.values():
        assert shlex.join(shlex.split(command)) == command
