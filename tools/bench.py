"""`make bench`: the benchmarks on servers of their own; `JSON=1` gives one object a line."""

import contextlib
import json
import os
import pkgutil
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tools import launch, places, setup
from tools.benchmarks import Figure
from tools.processes import MIGRATE
from tools.say import Trouble, step

COLUMNS = ("what", "value", "floor", "ratio", "goal", "")
WIDTHS = (44, 20, 20, 8, 9, 6)


def wants_json(raw: str) -> bool:
    """JSON=1. Raises Trouble for anything but 1, 0 and nothing."""
    if raw not in ("", "0", "1"):
        raise Trouble(f"JSON is 1 or left out, not {raw[:20]!r}. Try: make bench JSON=1")
    return raw == "1"


def wanted_areas(raw: str) -> list[str]:
    """ARGS="kernel": these areas only. Raises Trouble for one that is not there."""
    package = places.ROOT / "tools" / "benchmarks"
    known = [m.name for m in pkgutil.iter_modules([str(package)]) if not m.ispkg]
    known.remove("__main__")
    wanted = shlex.split(raw)
    for area in wanted:
        if area not in known:
            raise Trouble(
                f"No benchmarks of {area[:40]!r}. There are: {', '.join(known)}. "
                f'Try: make bench ARGS="{known[0]}"'
            )
    return wanted


def main() -> int:
    """Prepare, measure, show. Returns 1 where a benchmark failed; a missed goal is no failure."""
    as_json = wants_json(os.environ.get("JSON", ""))
    areas = wanted_areas(os.environ.get("ARGS", ""))
    _warn_of_load()
    # Whoever reads the JSON lines reads nothing else on standard output.
    aside = contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name, aside:
        setup.make_ready(development=False)
        return _measure(Path(name), areas, as_json)


def _warn_of_load() -> None:
    """Say so where others use the machine: figures then tell more about them."""
    busy, cores = os.getloadavg()[0], os.cpu_count() or 1
    if busy > cores / 4:
        print(
            f"Other work keeps {busy:.1f} of {cores} cores busy: the figures will be unsteady.",
            file=sys.stderr,
        )


def _measure(folder: Path, areas: list[str], as_json: bool) -> int:
    environment = launch.environment_for(folder)
    environment |= {"PORTAL_ENV": "test", "PORTAL_DEMO": "0", "LOG_LEVEL": "WARNING",
                    "DJANGO_SETTINGS_MODULE": "portal.settings"}  # fmt: skip
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        environment.pop(variable, None)
    with launch.servers(folder, environment):
        # Where collected files would lie; nothing of the pages' look is measured.
        (folder / "static").mkdir()
        with step("Preparing tables"):
            for command in ("compile_translations", "make_seal"):
                launch.manage(environment, f"python manage.py {command}")
            launch.manage(environment, MIGRATE)
        command_line = [str(places.PYTHON), "-m", "tools.benchmarks", *areas]
        with subprocess.Popen(
            command_line, cwd=places.ROOT, env=environment, stdout=subprocess.PIPE, text=True
        ) as child:
            shown = show(child.stdout or (), as_json)
        return 1 if child.returncode else shown


def show(lines: Iterable[str], as_json: bool) -> int:
    """Print figures as they come. Returns 1 where one is missing because its benchmark failed."""
    failed = False
    if not as_json:
        print("\n" + _aligned(COLUMNS))
    for row in _rows(lines):
        failed = failed or "error" in row
        if as_json:
            print(json.dumps(row, ensure_ascii=False), file=sys.__stdout__, flush=True)
        else:
            print(table_line(row), flush=True)
    return 1 if failed else 0


def _rows(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.strip():
            yield json.loads(line)


def table_line(row: dict[str, Any]) -> str:
    """One figure for people: what was measured, its floor, their ratio, the goal."""
    if "error" in row:
        return f"{_aligned((row['name'], 'FAILED'))} {row['error']}"
    figure = Figure(**{key: row[key] for key in ("name", "value", "unit", "floor", "goal")})
    both = (figure.value, figure.floor)
    with_unit = ["-" if number is None else f"{number:,.4g} {figure.unit}" for number in both]
    ratio = "-" if figure.ratio is None else f"{figure.ratio:.2f}"
    verdict = {True: "met", False: "missed", None: ""}[figure.met]
    return _aligned((figure.name, *with_unit, ratio, figure.goal or "-", verdict))


def _aligned(cells: tuple[str, ...]) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=False)).rstrip()
