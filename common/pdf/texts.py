"""The text behind every glyph, so that what is copied out of a PDF is what stands in it.

WeasyPrint gives a glyph the letters of the first cluster it is met in. Where one letter becomes
several glyphs (Thai SARA AM with a tone mark) that repeats some and leaves others without any,
which PDF/A forbids. The font itself knows better.
"""

import io
from typing import Any

#: Thai and Lao AM: one letter drawn as two glyphs, which are letters of their own.
_DOUBLE = ("\u0e33", "\u0eb3")
#: For a glyph that is no letter of its own: a text of no width.
_NONE = "\u200b"


class GlyphTexts(dict[int, str]):
    """Texts by glyph; what is not one letter is asked of the font."""

    def __init__(self, font: Any) -> None:
        super().__init__()
        self._font = font
        self._letters: dict[int, str] | None = None

    def __setitem__(self, glyph: int, text: str) -> None:
        if len(text) != 1 or text in _DOUBLE:
            text = self._by_font().get(glyph, text) or _NONE
        super().__setitem__(glyph, text)

    def _by_font(self) -> dict[int, str]:
        """Letters by glyph; a variant (`uni0E49.small`) stands for the letter it varies."""
        if self._letters is None:
            from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

            font = TTFont(io.BytesIO(self._font.file_content), fontNumber=self._font.index)
            by_name: dict[str, str] = {}
            for code, name in sorted(font.getBestCmap().items()):
                by_name.setdefault(name, chr(code))
            self._letters = {
                glyph: by_name[name.partition(".")[0]]
                for glyph, name in enumerate(font.getGlyphOrder())
                if name.partition(".")[0] in by_name
            }
        return self._letters


def install() -> None:
    """Have WeasyPrint keep its texts in GlyphTexts; it offers no other way in."""
    from weasyprint.pdf.fonts import Font

    usual = Font.__init__

    def begin(self: Any, *given: Any, **named: Any) -> None:
        usual(self, *given, **named)
        self.to_unicode = GlyphTexts(self)

    Font.__init__ = begin
