"""Words with letters that Japanese fonts lack (Vietnamese) stand in one font, not in two mixed."""

import re
from xml.etree.ElementTree import Element, SubElement

_LATIN = "A-Za-z\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff"
_PHRASE = re.compile(f"([{_LATIN}]+(?:[ '’-][{_LATIN}]+)*)")
_RARE = re.compile("[\u0100-\u024f\u0300-\u036f\u1e00-\u1eff]")
_UNSEEN = {"title", "style", "script"}


def keep_phrases_whole(root: Element) -> None:
    """Put such phrases into `<span class="latin">`."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in _UNSEEN:
            continue
        inner, before = list(element), element.text
        for child in inner:
            element.remove(child)
        element.text = None
        _append(element, before)
        for child in inner:
            after, child.tail = child.tail, None
            element.append(child)
            _append(element, after)


def _append(parent: Element, text: str | None) -> None:
    """Add text at the end of an element's content."""
    for piece in _PHRASE.split(text or ""):
        if _PHRASE.fullmatch(piece) and _RARE.search(piece):
            SubElement(parent, "span", {"class": "latin"}).text = piece
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + piece
        else:
            parent.text = (parent.text or "") + piece
