"""Cuts Noto CJK to the glyphs that are used: one 𠮷 costs a few hundred bytes, not 110 KB.

WeasyPrint leaves an entry for each of the font's 65,000 glyphs, since the text names glyphs by
their numbers. A bare CFF font with a charset (CIDFontType0C) keeps those numbers without that.
"""

import io
from typing import Any

#: All that cutting needs beside the outlines.
_NEEDED = {"GlyphOrder", "CFF ", "head", "hhea", "hmtx", "maxp"}


def compact_fonts(pdf: Any) -> None:
    """Replace each OpenType font with CFF outlines by the part of it that is used."""
    by_reference = {thing.reference: thing for thing in pdf.objects}
    used: dict[bytes, set[int]] = {}
    for thing in pdf.objects:
        if isinstance(thing, dict) and thing.get("Subtype") == "/CIDFontType0":
            file = by_reference[thing["FontDescriptor"]]["FontFile3"]
            used.setdefault(file, set()).update(_glyphs(thing["W"]))
    for file, glyphs in used.items():
        stream = by_reference[file]
        small = cut(b"".join(stream.stream), glyphs)
        if small is not None:
            stream.stream, stream.extra["Subtype"] = [small], "/CIDFontType0C"


def _glyphs(widths: Any) -> set[int]:
    """The numbers in a width array: `[first [width width …] first [width …]]`."""
    found: set[int] = set()
    for first, row in zip(widths[::2], widths[1::2], strict=True):
        found.update(range(first, first + len(row)))
    return found


def cut(font_file: bytes, glyphs: set[int]) -> bytes | None:
    """The CFF table with these glyphs under their numbers; None for a font of another kind."""
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    font = TTFont(io.BytesIO(font_file))
    order = font.getGlyphOrder() if "CFF " in font else []
    # Only where the font itself numbers its glyphs so do text and charset mean the same.
    if any(glyph >= len(order) or order[glyph] != f"cid{glyph:05d}" for glyph in glyphs - {0}):
        return None
    if not order or not hasattr(font["CFF "].cff.topDictIndex[0], "ROS"):
        return None
    options = Options(
        drop_tables=sorted(set(font.keys()) - _NEEDED),
        notdef_outline=True,
        layout_features=[],
        desubroutinize=True,
    )
    subsetter = Subsetter(options)
    subsetter.populate(gids=sorted(glyphs))
    subsetter.subset(font)
    table: bytes = font["CFF "].compile(font)
    return table
