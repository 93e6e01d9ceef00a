"""What goes wrong on the way in gets one sentence and a next step."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tools import door, launch, places, setup, system
from tools.say import Trouble


def test_an_old_python_is_named_with_what_to_install() -> None:
    """Version found, version needed, command."""
    said = door.too_old((3, 9))
    assert "3.11 or newer" in said
    assert "this is 3.9" in said
    assert "apt-get install" in said


def test_the_entry_can_be_read_by_an_old_python() -> None:
    """No syntax newer than 3.6 stands in it: annotations are strings."""
    import ast

    ast.parse((places.ROOT / "tools" / "door.py").read_text(), feature_version=(3, 6))


def test_a_port_in_use_names_another() -> None:
    """The next one."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {port} is in use. Try: make run PORT={port + 1}"):
            launch.check_port(port)


@pytest.mark.parametrize("wrong", ["x", "0", "70000", "８０００", "80 00"])
def test_a_wrong_port_is_named(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    """Whatever was typed."""
    monkeypatch.setenv("PORT", wrong)
    with pytest.raises(Trouble, match="PORT is a number from 1 to 65535"):
        places.port()


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With what is free and what is needed."""
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _p: usage._replace(free=10 * 1024**2))
    with pytest.raises(Trouble, match="Only 10 MB are free"):
        setup.check_room(tmp_path, setup.ROOM)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(Trouble, match="cannot be written"):
        setup.check_room(tmp_path / "file" / "var", 0)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("NewConnectionError: Temporary failure in name resolution", "cannot be reached"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was pinned"),
        ("something else", "Details:"),
    ],
)
def test_a_failed_installation_says_why(output: str, said: str, tmp_path: Path) -> None:
    """In the words of whoever must mend it."""
    assert said in setup.why_not(output, tmp_path / "setup.log")


def test_a_second_run_on_the_same_data_is_refused(tmp_path: Path) -> None:
    """Two workers' servers in one folder would break it."""
    with (
        launch.only_one(tmp_path),
        pytest.raises(Trouble, match="already running"),
        launch.only_one(tmp_path),
    ):
        pass


def test_a_half_finished_environment_is_made_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A folder without a working Python in it is thrown away."""
    monkeypatch.setattr(places, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(places, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setenv("DATA", str(tmp_path / "var"))
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "half").touch()
    made: list[str] = []
    monkeypatch.setattr(
        setup, "_make_venv", lambda _log: made.append("venv") or (tmp_path / ".venv").mkdir()
    )
    monkeypatch.setattr(setup, "_install", lambda _wanted, _log: made.append("packages"))
    monkeypatch.setattr(system, "install", lambda _needs, _log: None)
    setup.make_ready(development=False)
    assert made == ["venv", "packages"]
    assert not (tmp_path / ".venv" / "half").exists()
    setup.make_ready(development=False)
    assert made == ["venv", "packages"]


def test_packages_are_asked_for_in_the_machines_own_way() -> None:
    """Both fonts and libraries, for each package manager."""
    for need in (*system.RUN, *system.TEST):
        assert set(need.packages) == {"apt-get", "dnf", "brew"}
    lines = system.commands("brew", ["pango", "--cask", "font-ipaexfont"])
    assert lines == [["brew", "install", "pango"], ["brew", "install", "--cask", "font-ipaexfont"]]


def test_wrong_settings_are_named_all_at_once() -> None:
    """A web server with three wrong settings says all three and does not start."""
    wrong = {"PORTAL_ENV": "prod", "PORT": "web", "REDIS_URL": "http://x"}
    done = subprocess.run(
        [sys.executable, "-c", "import portal.server"],
        cwd=places.ROOT, env=os.environ | wrong, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode
    for name in wrong:
        assert f"- {name} " in done.stderr
    assert "Traceback" not in done.stderr


def test_production_refuses_what_is_missing_or_weak() -> None:
    """A demonstration, a weak key and no scanner are named together."""
    weak = {
        "PORTAL_ENV": "production", "PORTAL_DEMO": "1", "SECRET_KEY": "a" * 60,
        "CLAMD_URL": "none:", "PORTAL_ORIGIN": "http://portal.example",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=places.ROOT, env=os.environ | weak, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode
    for words in ("PORTAL_DEMO=1 is refused", "SECRET_KEY is weak", "CLAMD_URL=none: is refused",
                  "PORTAL_ORIGIN starts with https", "MAIL_URL is not set"):  # fmt: skip
        assert words in done.stderr, done.stderr
    assert "a" * 60 not in done.stderr


def test_a_given_signing_key_needs_no_folder_made_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The keyring is made all the same, for its owner only."""
    monkeypatch.setenv("PORTAL_ENV", "development")
    monkeypatch.setenv("SECRET_KEY", "x" * 60)
    monkeypatch.delenv("PORTAL_KEYRING", raising=False)
    launch.environment_for(tmp_path / "new")
    assert (tmp_path / "new" / "secrets" / "keyring").stat().st_mode & 0o777 == 0o600
