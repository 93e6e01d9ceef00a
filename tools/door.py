"""Entry of every `make` command: finds a Python that is new enough, then goes on in it.

Written so that even Python 3.6 can read it and say what is missing.
"""

import os
import shutil
import sys

NEEDED = (3, 11)
DOORS = ("run", "test", "demo", "check", "bench", "setup")


def newer_python() -> "str | None":
    """A newer interpreter on the PATH, or None."""
    for minor in range(14, NEEDED[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)
        if found:
            return found
    return None


def too_old(version: "tuple[int, ...]") -> str:
    """The sentence for an interpreter that is too old, with the next step."""
    return (
        "Python 3.11 or newer is needed; this is %d.%d. Install it (Debian or Ubuntu: "
        "apt-get install python3.11 python3.11-venv; macOS: brew install python@3.12) "
        "and run the command again." % (version[0], version[1])
    )


def main(arguments: "list[str]") -> None:
    """Run the named door."""
    if sys.version_info < NEEDED:
        found = newer_python()
        if not found or os.environ.get("PORTAL_DOOR") == "again":
            sys.exit(too_old(tuple(sys.version_info[:2])))
        os.environ["PORTAL_DOOR"] = "again"
        os.execv(found, [found, os.path.abspath(__file__)] + arguments)
    if not arguments or arguments[0] not in DOORS:
        sys.exit("Say one of: " + ", ".join("make " + door for door in DOORS if door != "setup"))
    # Instead of this folder, whose names would hide the standard library's.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    from tools.doors import enter

    sys.exit(enter(arguments[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
