"""Searches bytes for words in every dress that they may wear: encoded, in hexadecimal, packed."""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterator
from urllib.parse import quote

#: Runs of base64 or of hexadecimal that are worth unpacking.
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){24,}")


def dresses(word: str) -> dict[str, bytes]:
    """How a word can stand in a file, by the name of the encoding."""
    plain = word.encode()
    found = {
        "utf-8": plain,
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "json": json.dumps(word)[1:-1].encode(),
        "percent": quote(word, safe="").encode(),
    }
    for skipped in range(3):
        text = base64.b64encode(b"\0" * skipped + plain)
        # Without what neighbours the word at both ends: there, the letters depend on them.
        core = text[-(-skipped * 8 // 6) : (skipped + len(plain)) * 8 // 6]
        found[f"base64+{skipped}"] = core
        found[f"base64url+{skipped}"] = core.translate(bytes.maketrans(b"+/", b"-_"))
    return found


def unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The data, and whatever lies packed in it: base64, hexadecimal, deflated."""
    yield "plain", data
    for run in _BASE64.findall(data):
        for content in _from_base64(run):
            yield "base64", content
            if inflated := _inflated(content):
                yield "deflated base64", inflated
    for run in _HEX.findall(data):
        content = binascii.unhexlify(run)
        if inflated := _inflated(content):
            yield "deflated hex", inflated


def _from_base64(run: bytes) -> Iterator[bytes]:
    """What a run means; a signature or a mark may stand around it, so also without its first letters."""
    standard = run.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    for skipped in range(4):
        rest = standard[skipped:]
        rest = rest[: len(rest) - (len(rest) % 4 == 1)]
        yield base64.b64decode(rest + b"=" * (-len(rest) % 4))


def _inflated(content: bytes) -> bytes:
    """The content, if it was deflated; else nothing."""
    for form in (zlib.MAX_WBITS, zlib.MAX_WBITS | 16):
        try:
            return zlib.decompressobj(form).decompress(content)
        except zlib.error:
            continue
    return b""


def traces(data: bytes, words: dict[str, str], *, unpack: bool = True) -> list[str]:
    """Which words stand in the data, and in which dress; one line each."""
    wanted = [
        (label, dress, needle)
        for label, word in words.items()
        for dress, needle in dresses(word).items()
    ]
    found = {}
    for where, view in unpacked(data) if unpack else [("plain", data)]:
        for label, dress, needle in wanted:
            at = view.find(needle)
            if at >= 0:
                around = view[max(0, at - 60) : at + len(needle) + 20]
                found.setdefault(
                    (label, where, dress), f"{label} as {dress} in {where}: {around!r}"
                )
    return list(found.values())
