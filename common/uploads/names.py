"""File names as they are shown and offered for download: readable, harmless on every system."""

import re
import unicodedata

from common.uploads.errors import UploadRefused
from common.uploads.limits import NAME_CHARACTERS

#: Devices on Windows; with any extension they open the device.
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
#: CJK compatibility ideographs: NFC would turn them into other characters, and people's names
#: are never rewritten.
COMPATIBILITY = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
FALLBACK = "file"


def extension_of(name: str) -> str:
    """The extension in lower case, without the dot. Raises UploadRefused where there is none."""
    tidy = _tidy(name)
    stem, dot, extension = tidy.rpartition(".")
    if not dot or not stem or not extension:
        raise UploadRefused("no_extension")
    return extension.lower()


def clean_name(name: str, extension: str) -> str:
    """The name, at most 120 characters, ending in the given extension.

    Without folders, control and invisible characters (so no reversed direction), characters that
    file systems forbid, and reserved names; composed as people typed it (NFC); every kind of space
    is a plain one.
    """
    stem = _tidy(name).rpartition(".")[0]
    stem = FORBIDDEN.sub("_", stem).strip(". ")
    if RESERVED.fullmatch(stem.partition(".")[0].strip()):
        stem = f"_{stem}"
    room = NAME_CHARACTERS - len(extension) - 1
    return f"{stem[:room].rstrip('. ') or FALLBACK}.{extension}"


def _tidy(name: str) -> str:
    """The last part of a path, with visible characters only."""
    name = re.split(r"[/\\]", name)[-1]
    parts = COMPATIBILITY.split(name)
    # Odd parts are the separators, which stay as they are.
    parts[::2] = [unicodedata.normalize("NFC", part) for part in parts[::2]]
    shown = []
    for char in "".join(parts):
        category = unicodedata.category(char)
        if category == "Zs" or char in "\t\n":
            shown.append(" ")
        elif category not in INVISIBLE and not NONCHARACTERS.match(char):
            shown.append(char)
    return re.sub(" {2,}", " ", "".join(shown)).strip(". ")
