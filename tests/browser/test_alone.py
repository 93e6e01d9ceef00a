"""The browser keeps to itself: no other test meets the event loop it runs on."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tools import places

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("portal")]
HERE = Path(__file__)


def test_the_browser_starts(browser: Browser) -> None:
    """Run by the test below; by itself it sees that the machine has a browser."""
    assert browser.is_connected()


def test_after_the_browser_others_may_run_an_event_loop(tmp_path: Path) -> None:
    """A session of its own: first the browser, then a test from elsewhere that needs asyncio."""
    elsewhere = tmp_path / "test_elsewhere.py"
    elsewhere.write_text(
        "import asyncio\n\ndef test_runs():\n    asyncio.run(asyncio.sleep(0))\n", encoding="utf-8"
    )
    first = f"{HERE}::{test_the_browser_starts.__name__}"
    options = ["-c", str(places.ROOT / "pyproject.toml"), "--rootdir", str(places.ROOT)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", *options, first, elsewhere],
        cwd=places.ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def test_no_test_elsewhere_starts_a_browser() -> None:
    """Only this package takes it down in time; and only one worker may run it."""
    tests = places.ROOT / "tests"
    wrong = [
        str(path.relative_to(tests))
        for path in tests.rglob("*.py")
        if HERE.parent not in path.parents
        and re.search(r"^\s*(from|import) playwright", path.read_text(encoding="utf-8"), re.M)
    ]
    assert not wrong
    for path in HERE.parent.glob("test_*.py"):
        assert 'xdist_group("portal")' in path.read_text(encoding="utf-8"), path.name
