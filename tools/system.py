"""What the system's package manager must give: libraries and fonts, and for tests a browser."""

import os
import shutil
import subprocess
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path

from tools.say import Trouble, say, step


@dataclass(frozen=True)
class Need:
    """A part that pip cannot install: how to see it, and its package per manager."""

    what: str
    packages: dict[str, tuple[str, ...]]
    library: str = ""
    command: str = ""
    font: str = ""

    def is_there(self) -> bool:
        """Whether the machine has it."""
        if self.library:
            return find_library(self.library) is not None
        if self.command:
            return any(shutil.which(name) for name in self.command.split("|"))
        return _has_font(self.font)


RUN = (
    Need(
        "Pango", {"apt-get": ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
                  "dnf": ("pango",), "brew": ("pango",)}, library="pangoft2-1.0",
    ),
    Need(
        "libmagic", {"apt-get": ("libmagic1",), "dnf": ("file-libs",), "brew": ("libmagic",)},
        library="magic",
    ),
    Need(
        "fontconfig", {"apt-get": ("fontconfig",), "dnf": ("fontconfig",), "brew": ("fontconfig",)},
        command="fc-list",
    ),
    Need(
        "IPAex fonts",
        {"apt-get": ("fonts-ipaexfont",), "dnf": ("ipa-ex-gothic-fonts", "ipa-ex-mincho-fonts"),
         "brew": ("--cask", "font-ipaexfont")},
        font="IPAexGothic",
    ),
    Need(
        "Noto CJK fonts",
        {"apt-get": ("fonts-noto-cjk",), "dnf": ("google-noto-sans-cjk-fonts",),
         "brew": ("--cask", "font-noto-sans-cjk-jp")},
        font="Noto Sans CJK JP",
    ),
    Need(
        "Noto fonts for Thai",
        {"apt-get": ("fonts-noto-core",), "dnf": ("google-noto-sans-thai-fonts",),
         "brew": ("--cask", "font-noto-sans-thai")},
        font="Noto Sans Thai",
    ),
)  # fmt: skip
TEST = (
    Need(
        "a browser", {"apt-get": ("chromium",), "dnf": ("chromium",), "brew": ("--cask", "chromium")},
        command="chromium|chromium-browser|google-chrome",
    ),
    Need(
        "PDF tools", {"apt-get": ("poppler-utils",), "dnf": ("poppler-utils",), "brew": ("poppler",)},
        command="pdftotext",
    ),
)  # fmt: skip


def _has_font(family: str) -> bool:
    if not shutil.which("fc-list"):
        return False
    shown = subprocess.run(["fc-list", family, "family"], capture_output=True, text=True)
    return bool(shown.stdout.strip())


def manager() -> str | None:
    """The machine's package manager."""
    return next((name for name in ("apt-get", "dnf", "brew") if shutil.which(name)), None)


def commands(name: str, packages: list[str]) -> list[list[str]]:
    """The commands that install the packages."""
    if name == "brew":
        plain = [
            p
            for p in packages
            if not p.startswith("--") and not p.startswith(("font-", "chromium"))
        ]
        casks = [p for p in packages if p.startswith(("font-", "chromium"))]
        lines = [["brew", "install", *plain]] if plain else []
        return lines + ([["brew", "install", "--cask", *casks]] if casks else [])
    lines = [[name, "install", "-y", *packages]]
    if name == "apt-get":
        lines = [
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
        ]
    return lines if os.geteuid() == 0 else [["sudo", *line] for line in lines]


def install(needs: tuple[Need, ...], log: Path) -> None:
    """Install what is missing, saying so aloud. Raises Trouble where that cannot be done."""
    missing = [need for need in needs if not need.is_there()]
    if not missing:
        return
    name = manager()
    names = ", ".join(need.what for need in missing)
    if name is None:
        raise Trouble(
            f"Missing on this machine: {names}. Install them, then run the command again."
        )
    packages = [package for need in missing for package in need.packages[name]]
    lines = commands(name, packages)
    shown = "; ".join(" ".join(line) for line in lines)
    if lines and lines[0][0] == "sudo" and not shutil.which("sudo"):
        raise Trouble(f"Missing: {names}. As root, run: {shown.replace('sudo ', '')}")
    say(f"Missing on this machine: {names}.")
    with step(f"Installing them ({shown})"), log.open("ab") as output:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for line in lines:
            if subprocess.run(line, stdout=output, stderr=output, env=environment).returncode:
                raise Trouble(
                    f"`{' '.join(line)}` failed; its output is in {log}. "
                    "Check the network and the package sources, then run it by hand."
                )
