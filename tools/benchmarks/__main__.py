"""Runs the benchmarks inside Django and prints one JSON object a line (`python -m tools.benchmarks`)."""

import json
import pkgutil
import subprocess
import sys
import traceback
from importlib import import_module

import django

import tools.benchmarks
from tools.benchmarks.frame.figures import BENCHMARKS

#: Seconds that one benchmark may take.
PATIENCE = 900


def discover() -> None:
    """Import every area, so that its functions register."""
    for module in pkgutil.iter_modules(tools.benchmarks.__path__, "tools.benchmarks."):
        if not module.ispkg and not module.name.endswith("__main__"):
            import_module(module.name)


def failed(name: str, why: str) -> str:
    """The line of a benchmark that gave no figure."""
    empty = {"value": None, "unit": "", "floor": None, "ratio": None, "goal": ""}
    return json.dumps({"name": name, **empty, "error": why}, ensure_ascii=False)


def one(name: str) -> int:
    """Run one benchmark here. Returns 1 where it raised, with its traceback on standard error."""
    try:
        for figure in BENCHMARKS[name]():
            print(json.dumps(figure.row(), ensure_ascii=False), flush=True)
    except Exception as error:  # noqa: BLE001 - whatever it was, the others go on
        traceback.print_exc()
        print(failed(name, f"{type(error).__name__}: {error}".splitlines()[0][:200]), flush=True)
        return 1
    return 0


def apart(name: str, command: list[str], environment: dict[str, str] | None = None) -> int:
    """Run one in a process of its own, passing its lines on; one that dies or hangs has failed too."""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=False
    ) as child:
        try:
            said, _nothing = child.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            said, _nothing = child.communicate()
            said += failed(name, f"not done after {PATIENCE} s") + "\n"
    print(said, end="", flush=True)
    if child.returncode and '"error": ' not in said:
        print(failed(name, f"ended with code {child.returncode}"), flush=True)
    return 1 if child.returncode else 0


def every(areas: list[str]) -> int:
    """Each benchmark of the areas (none named: all) in a process and a database of its own."""
    from tools.benchmarks.frame.databases import copied

    codes = []
    for name in BENCHMARKS:
        if areas and name.partition(".")[0] not in areas:
            continue
        with copied(name) as environment:
            command = [sys.executable, "-m", "tools.benchmarks", "--one", name]
            codes.append(apart(name, command, environment))
    return max(codes, default=0)


def main(arguments: list[str]) -> int:
    """`--one NAME`, or the areas wanted."""
    django.setup()
    discover()
    if arguments[:1] == ["--one"]:
        return one(arguments[1])
    return every(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
