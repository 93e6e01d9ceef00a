"""Where things are: the repository, its virtual environment, and the folder of all state."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def data() -> Path:
    """DATA, or var/ in the repository."""
    return Path(os.environ.get("DATA") or ROOT / "var").absolute()


def port() -> int:
    """PORT, or 8000."""
    from tools.say import Trouble

    raw = os.environ.get("PORT") or "8000"
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= 65535:
        raise Trouble(
            f"PORT is a number from 1 to 65535, not {raw[:20]!r}. Try: make run PORT=8001"
        )
    return int(raw)
