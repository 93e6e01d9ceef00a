"""The search that the canary test relies on finds words in every dress."""

import base64
import gzip
import json
import zlib

import pytest
from django.core import signing

from tests.faults.canary import traces

WORD = "qzcanaryかなりあ7"
DRESSED = {
    "plain": WORD.encode(),
    "utf-16": WORD.encode("utf-16"),
    "hex of a bytea": b"\\x" + f"vor{WORD}nach".encode().hex().encode(),
    "json": json.dumps({"a": WORD}).encode(),
    "base64": base64.b64encode(b"before " + WORD.encode() + b" after"),
    "base64 of odd length": base64.b64encode(b"be" + WORD.encode() + b"a"),
    "base64url": base64.urlsafe_b64encode(b"\xff\xfe>" + WORD.encode() + b"?"),
    "deflated": base64.b64encode(zlib.compress(WORD.encode() * 3)),
    "deflated in a bytea": zlib.compress(WORD.encode() * 3).hex().encode(),
    "gzip": base64.b64encode(gzip.compress(WORD.encode() * 3)),
    "a stock session": signing.dumps(
        {"typed": WORD, "padding": "x" * 200}, salt="django.contrib.sessions.SessionStore", compress=True
    ).encode(),
}  # fmt: skip


@pytest.mark.parametrize("dress", DRESSED)
def test_a_word_is_found_in_every_dress(dress: str) -> None:
    """With other text around it."""
    assert traces(b"row\t" + DRESSED[dress] + b"\tnext", {"word": WORD}), dress


@pytest.mark.parametrize("dress", DRESSED)
def test_another_word_is_not_found(dress: str) -> None:
    """So what is found is the word."""
    assert not traces(b"row\t" + DRESSED[dress] + b"\tnext", {"other": "qzcanaryかなりい8"})
