"""`make bench`: failures are told, JSON is only JSON, and figures say what they mean."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from tools import bench, places
from tools.benchmarks import BENCHMARKS, Figure, __main__
from tools.benchmarks.frame import bare, timing, web
from tools.say import Trouble

KEYS = ["name", "value", "unit", "floor", "ratio", "goal"]


def lines(text: str) -> list[dict[str, Any]]:
    """What was printed, as objects."""
    return [json.loads(line) for line in text.splitlines()]


def test_json_is_asked_for_by_one() -> None:
    """Left out, or 0: a table."""
    assert bench.wants_json("1")
    assert not bench.wants_json("")
    assert not bench.wants_json("0")


@pytest.mark.parametrize("wrong", ["yes", "true", "１", "2"])
def test_another_json_value_gets_a_sentence(wrong: str) -> None:
    """With what to type instead."""
    with pytest.raises(Trouble, match=r"JSON is 1 or left out.*Try: make bench JSON=1"):
        bench.wants_json(wrong)


def test_an_unknown_area_gets_a_sentence() -> None:
    """With the areas that are there."""
    assert bench.wanted_areas("kernel consultations") == ["kernel", "consultations"]
    with pytest.raises(Trouble, match=r"No benchmarks of 'weather'. There are: .*consultations"):
        bench.wanted_areas("weather")


@pytest.mark.parametrize(
    ("figure", "ratio", "met"),
    [
        (Figure("a", 30, "requests/s", floor=50, goal=">= 0.5"), 0.6, True),
        (Figure("a", 20, "requests/s", floor=50, goal=">= 0.5"), 0.4, False),
        (Figure("a", 1.1, "s", floor=1.0, goal="<= 1.15"), 1.1, True),
        (Figure("a", 1.2, "s", floor=1.0, goal="<= 1.15"), 1.2, False),
        (Figure("a", 99, "KB", goal="<= 100"), None, True),
        (Figure("a", 101, "KB", goal="<= 100"), None, False),
        (Figure("a", 3, "s", floor=2), 1.5, None),
    ],
)
def test_a_goal_is_for_the_ratio_and_without_floor_for_the_value(
    figure: Figure, ratio: float | None, met: bool | None
) -> None:
    """A figure without a goal neither meets nor misses it."""
    assert figure.ratio == (ratio if ratio is None else pytest.approx(ratio))
    assert figure.met is met
    assert list(figure.row()) == KEYS


@pytest.mark.parametrize("goal", ["0.5", "> 0.5", ">= a half", ">=0.5"])
def test_a_goal_that_nobody_can_read_is_refused(goal: str) -> None:
    """When it is written, not when it is printed."""
    with pytest.raises(ValueError, match="a goal looks like"):
        Figure("a", 1, "s", goal=goal)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """No benchmarks but the test's own."""
    own: dict[str, Any] = {}
    monkeypatch.setattr(__main__, "BENCHMARKS", own)
    return own


def broken() -> Iterator[Figure]:
    """One figure, then an error over two lines."""
    yield Figure("the first part", 2, "ms", floor=1)
    raise RuntimeError("the second part\nwith details")


def test_a_benchmark_that_raises_is_reported_and_ends_with_1(
    registered: dict[str, Any], capsys: Any
) -> None:
    """What it measured before stays; where it broke is on standard error."""
    registered["tests.broken"] = broken
    assert __main__.one("tests.broken") == 1
    said = capsys.readouterr()
    first, second = lines(said.out)
    assert (first["name"], first["ratio"]) == ("the first part", 2.0)
    assert second["name"] == "tests.broken"
    assert second["value"] is None
    assert second["error"] == "RuntimeError: the second part"
    assert "Traceback" in said.err


def test_a_benchmark_that_works_ends_with_0(registered: dict[str, Any], capsys: Any) -> None:
    """One line a figure, with the six keys."""
    registered["tests.works"] = lambda: [Figure("a", 1, "ms", floor=3, goal="<= 1")]
    assert __main__.one("tests.works") == 0
    (row,) = lines(capsys.readouterr().out)
    assert row == {
        "name": "a", "value": 1.0, "unit": "ms", "floor": 3.0, "ratio": 0.3333, "goal": "<= 1",
    }  # fmt: skip


def test_a_benchmark_that_dies_without_a_word_has_failed(capsys: Any) -> None:
    """Killed by the system, say: its name and code are told all the same."""
    assert __main__.apart("tests.dead", [sys.executable, "-c", "import os; os._exit(9)"]) == 1
    (row,) = lines(capsys.readouterr().out)
    assert (row["name"], row["error"]) == ("tests.dead", "ended with code 9")


def test_a_benchmark_that_hangs_has_failed(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """What it had said is kept."""
    monkeypatch.setattr(__main__, "PATIENCE", 1)
    said = json.dumps(Figure("before", 1, "s").row())
    program = f"import time; print({said!r}, flush=True); time.sleep(60)"
    assert __main__.apart("tests.hangs", [sys.executable, "-c", program]) == 1
    before, failed = lines(capsys.readouterr().out)
    assert before["name"] == "before"
    assert failed["error"] == "not done after 1 s"


def shown(rows: Iterable[dict[str, Any]], capfd: Any, *, as_json: bool) -> tuple[int, str]:
    """Exit code and output of the door for these lines."""
    code = bench.show([json.dumps(row) + "\n" for row in rows], as_json)
    return code, capfd.readouterr().out


ROWS = [
    Figure("quick", 1, "ms", floor=1, goal="<= 1.5").row(),
    Figure("slow", 9, "ms", floor=1, goal="<= 1.5").row(),
]
FAILED = json.loads(__main__.failed("tests.broken", "RuntimeError: no"))


def test_the_table_says_what_is_met_and_what_is_missed(capfd: Any) -> None:
    """A missed goal is no failure."""
    code, out = shown(ROWS, capfd, as_json=False)
    assert code == 0
    _empty, head, quick, slow = (" ".join(line.split()) for line in out.splitlines())
    assert head == "what value floor ratio goal"
    assert quick == "quick 1 ms 1 ms 1.00 <= 1.5 met"
    assert slow == "slow 9 ms 1 ms 9.00 <= 1.5 missed"


def test_a_failed_benchmark_stands_in_the_table_and_ends_with_1(capfd: Any) -> None:
    """The others are shown too."""
    code, out = shown([FAILED, *ROWS], capfd, as_json=False)
    assert code == 1
    assert "tests.broken" in out
    assert "FAILED" in out
    assert "RuntimeError: no" in out
    assert "quick" in out


def test_json_lines_are_handed_on_whole(capfd: Any) -> None:
    """One object a line, nothing else."""
    code, out = shown([*ROWS, FAILED], capfd, as_json=True)
    assert code == 1
    assert lines(out) == [*ROWS, FAILED]


def test_measuring_in_turn_drops_the_warm_up() -> None:
    """Ours and the floor alternate; the median of what remains counts."""
    order: list[str] = []
    values = {"ours": iter([90.0, 1.0, 5.0, 3.0]), "floor": iter([80.0, 2.0, 2.0, 7.0])}

    def measure(name: str) -> float:
        order.append(name)
        return next(values[name])

    found = timing.in_turn(lambda: measure("ours"), lambda: measure("floor"), rounds=3)
    assert found == (3.0, 2.0)
    assert order == ["ours", "floor"] * 4


def test_the_95th_percentile_is_the_nearest_rank() -> None:
    """Five of a hundred are slower."""
    assert timing.p95([float(n) for n in range(1, 101)]) == 95.0
    assert timing.p95([3.0]) == 3.0


def test_a_request_that_fails_ends_the_measurement() -> None:
    """A server that refuses quickly must not look quick."""

    def refused() -> None:
        raise RuntimeError("answer 500")

    assert web.together([[lambda: None] * 3, [lambda: None] * 3]) > 0
    with pytest.raises(RuntimeError, match="answer 500"):
        web.together([[lambda: None], [refused]])


@pytest.mark.slow
def test_the_floor_is_served_as_the_portal_is() -> None:
    """Same server, same settings, and nothing of the portal in it."""
    with web.served(web.SITE, DJANGO_SETTINGS_MODULE=bare.SETTINGS) as port:
        browser = web.Browser(port)
        browser.learn_mark("/")
        assert browser.mark
        status, text = browser.get("/")
        assert status == 200
        assert 'name="situation"' in text
        with pytest.raises(RuntimeError, match="answer 200"):
            browser.post("/", {"title": "the other fields are missing"})


def test_every_benchmark_is_explained() -> None:
    """In its docstring, and in docs/benchmarks.md."""
    __main__.discover()
    document = (places.ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert {"consultations.filing", "kernel.sealing"} <= set(BENCHMARKS)
    for name, function in BENCHMARKS.items():
        assert function.__doc__, name
        assert f"`{name}`" in document


@pytest.mark.slow
def test_the_door_gives_json_and_nothing_else() -> None:
    """Servers, tables and set-up are told on standard error."""
    done = subprocess.run(
        [sys.executable, "tools/door.py", "bench"], cwd=places.ROOT, capture_output=True, text=True,
        env=dict(os.environ) | {"JSON": "1", "ARGS": "kernel"}, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = lines(done.stdout)
    assert "sealing 4 KB of text" in [row["name"] for row in found]
    assert all(row["value"] > 0 and row["floor"] > 0 for row in found)
    assert "Starting PostgreSQL" in done.stderr
