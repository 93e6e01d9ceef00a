"""Reading content files: TOML, and Markdown with TOML in front."""

import tomllib
from pathlib import Path
from typing import Any

from guidelines.errors import ContentBroken

CONTENT = Path(__file__).resolve().parent.parent / "content"
_EDGE = "+++"


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file. Raises ContentBroken, naming the file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentBroken(f"{path.name} ({path.parent.name}): {error}") from error


def read_page(path: Path) -> tuple[dict[str, Any], str]:
    """A Markdown file's front matter and body. Raises ContentBroken, naming the file."""
    try:
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentBroken(f"{path.name} ({path.parent.name}): {error}") from error
    parts = text.split(f"{_EDGE}\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ContentBroken(f"{path.name} ({path.parent.name}): no front matter between +++ lines")
    try:
        facts = tomllib.loads(parts[1])
    except tomllib.TOMLDecodeError as error:
        raise ContentBroken(f"{path.name} ({path.parent.name}): {error}") from error
    return facts, parts[2].strip() + "\n"


def page_as_of(folder: Path, number: int, language: str) -> Path | None:
    """The file whose text stands in edition `number`: the highest that is not higher."""
    found = {
        int(path.name.split(".")[0]): path
        for path in folder.glob(f"*.{language}.md")
        if path.name.split(".")[0].isdigit()
    }
    fitting = [n for n in found if n <= number]
    return found[max(fitting)] if fitting else None


def plain(value: Any) -> Any:
    """TOML's dates as text, so that the value can be kept as JSON."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
