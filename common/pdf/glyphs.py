"""No character without a glyph reaches a PDF: PDF/A forbids the empty box it would leave."""

import ctypes
import unicodedata
from collections.abc import Callable

#: What Japanese printers set where a character is missing from the case.
MISSING = "〓"
_LIBRARIES = ("libfontconfig.so.1", "libfontconfig.1.dylib")
_SYSTEM_FONTS = 0
#: Controls that reorder what is read, so that it differs from what stands in the data.
_REORDERING = set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PLAIN = {chr(code) for code in range(32, 127)} | set("\t\n\r")


class _FontSet(ctypes.Structure):
    _fields_ = [
        ("count", ctypes.c_int),
        ("size", ctypes.c_int),
        ("fonts", ctypes.POINTER(ctypes.c_void_p)),
    ]


def printable(text: str) -> str:
    """The text with 〓 for what no installed font can show, and without invisible controls."""
    drawable = drawable_by_fonts()
    return text.translate({ord(c): _shown(c, drawable) for c in set(text) - _PLAIN})


def _shown(character: str, drawable: Callable[[int], bool]) -> str:
    category = unicodedata.category(character)
    if character in _REORDERING or category == "Cc":
        return ""
    if category in ("Co", "Cs"):
        # A private letter (外字) means another thing on every machine.
        return MISSING
    if category in ("Cf", "Zs", "Zl", "Zp", "Mn") or drawable(ord(character)):
        return character
    return MISSING


def drawable_by_fonts() -> Callable[[int], bool]:
    """Whether any installed font draws a code point; where fontconfig is away, what is assigned."""
    library = _fontconfig()
    if library is None:
        return lambda code: unicodedata.category(chr(code)) != "Cn"
    fonts = library.FcConfigGetFonts(None, _SYSTEM_FONTS).contents
    letters, one = library.FcCharSetCreate(), ctypes.c_void_p()
    for i in range(fonts.count):
        if library.FcPatternGetCharSet(fonts.fonts[i], b"charset", 0, ctypes.byref(one)) == 0:
            library.FcCharSetMerge(letters, one, None)
    return lambda code: bool(library.FcCharSetHasChar(letters, code))


def _fontconfig() -> ctypes.CDLL | None:
    """The library that Pango asks too."""
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.FcConfigGetFonts.restype = ctypes.POINTER(_FontSet)
        library.FcConfigGetFonts.argtypes = [ctypes.c_void_p, ctypes.c_int]
        library.FcCharSetCreate.restype = ctypes.c_void_p
        library.FcPatternGetCharSet.argtypes = [
            ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(ctypes.c_void_p),
        ]  # fmt: skip
        library.FcCharSetMerge.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
        library.FcCharSetHasChar.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
        return library
    return None
