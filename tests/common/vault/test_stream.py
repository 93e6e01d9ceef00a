"""Files sealed in chunks: nothing can be cut off, moved, swapped or added unseen."""

import io
import os
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.vault import DataKey, DestroyReason, KeyDestroyed, VaultRefused
from common.vault import stream as module
from common.vault.stream import HEADER_BYTES, open_stream, seal_stream, sealed_size

pytestmark = pytest.mark.django_db
MIB = 1024 * 1024
TAG = 16


class Dribble(io.RawIOBase):
    """A source that gives at most a few bytes at a time, as sockets do."""

    def __init__(self, data: bytes, most: int) -> None:
        self.rest, self.most = io.BytesIO(data), most

    def read(self, size: int = -1, /) -> bytes:
        return self.rest.read(min(size, self.most))


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(module, "CHUNK_BYTES", 32)


def seal(key, data, context=b"c"):
    return b"".join(seal_stream(key, context, io.BytesIO(data)))


def open_(key, data, context=b"c"):
    return b"".join(open_stream(key, context, io.BytesIO(data)))


def chunks(sealed, size=32 + TAG):
    body = sealed[HEADER_BYTES:]
    return sealed[:HEADER_BYTES], [body[at : at + size] for at in range(0, len(body), size)]


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 64, 65, 100])
def test_any_size_comes_back_and_its_sealed_size_is_known(key, small_chunks, size):
    data = os.urandom(size)
    sealed = seal(key, data)
    assert len(sealed) == sealed_size(size)
    assert open_(key, sealed) == data


@pytest.mark.parametrize("size", [MIB - 1, MIB, MIB + 1, 3 * MIB])
def test_real_chunks_come_back(key, size):
    data = os.urandom(size)
    assert open_(key, seal(key, data)) == data


def test_every_cut_at_and_around_a_chunk_border_is_noticed(key, small_chunks):
    data = os.urandom(32 * 4)
    sealed = seal(key, data)
    borders = [HEADER_BYTES + number * (32 + TAG) for number in range(5)]
    cuts = {max(0, border + step) for border in borders for step in (-1, 0, 1)}
    for cut in sorted(cut for cut in cuts if cut < len(sealed)):
        with pytest.raises(VaultRefused):
            open_(key, sealed[:cut])


def test_every_cut_of_real_chunks_is_noticed(key):
    sealed = seal(key, bytes(3 * MIB + 5))
    for number in range(4):
        with pytest.raises(VaultRefused):
            open_(key, sealed[: HEADER_BYTES + number * (MIB + TAG)])


def test_swapped_doubled_dropped_and_added_chunks_are_noticed(key, small_chunks):
    head, parts = chunks(seal(key, os.urandom(32 * 3 + 7)))
    wrong = {
        "swapped": [parts[1], parts[0], *parts[2:]],
        "doubled": [parts[0], parts[0], *parts[1:]],
        "first dropped": parts[1:],
        "middle dropped": [parts[0], *parts[2:]],
        "last doubled": [*parts, parts[-1]],
        "empty added": [*parts, bytes(TAG)],
        "byte added": [*parts, b"x"],
    }
    for changed in wrong.values():
        with pytest.raises(VaultRefused):
            open_(key, head + b"".join(changed))


def test_chunks_of_another_file_under_the_same_key_are_noticed(key, small_chunks):
    one, two = seal(key, os.urandom(64)), seal(key, os.urandom(64))
    head, parts = chunks(one)
    _other, foreign = chunks(two)
    with pytest.raises(VaultRefused):
        open_(key, head + foreign[0] + parts[1])
    with pytest.raises(VaultRefused):
        open_(key, two[:HEADER_BYTES] + b"".join(parts))


@pytest.mark.parametrize("position", [0, 7, 8, 24, 55, 56, 60, 100, -1])
def test_one_flipped_bit_is_noticed(key, small_chunks, position):
    damaged = bytearray(seal(key, os.urandom(70)))
    damaged[position] ^= 1
    with pytest.raises(VaultRefused):
        open_(key, bytes(damaged))


def test_another_context_or_key_does_not_open(key):
    sealed = seal(key, b"text", b"consultations_attachment|content|1")
    with pytest.raises(VaultRefused):
        open_(key, sealed, b"consultations_attachment|content|2")
    with pytest.raises(VaultRefused, match="another key"):
        open_(DataKey.objects.create_key(), sealed, b"consultations_attachment|content|1")


def test_a_text_blob_is_no_stream_and_the_reverse(key):
    with pytest.raises(VaultRefused):
        open_(key, bytes(key.seal(b"c", b"x" * 100)))
    with pytest.raises(VaultRefused):
        key.open(b"c", seal(key, b"x"))


def test_a_destroyed_key_says_so_before_the_first_byte(key):
    sealed = seal(key, b"text")
    key.destroy(DestroyReason.RETENTION)
    with pytest.raises(KeyDestroyed):
        open_stream(key, b"c", io.BytesIO(sealed))
    with pytest.raises(KeyDestroyed):
        seal_stream(key, b"c", io.BytesIO(b"text"))


def test_sources_that_give_little_at_a_time_are_read_whole(key, small_chunks):
    data = os.urandom(200)
    sealed = b"".join(seal_stream(key, b"c", Dribble(data, 7)))
    assert b"".join(open_stream(key, b"c", Dribble(sealed, 11))) == data


def test_memory_stays_at_a_few_chunks(key, tmp_path):
    source, target = tmp_path / "plain", tmp_path / "sealed"
    source.write_bytes(bytes(24 * MIB))
    tracemalloc.start()
    with source.open("rb") as plain, target.open("wb") as sealed:
        for piece in seal_stream(key, b"c", plain):
            sealed.write(piece)
    with target.open("rb") as sealed:
        size = sum(len(piece) for piece in open_stream(key, b"c", sealed))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == 24 * MIB
    assert peak < 6 * MIB


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.binary(max_size=130), cut=st.integers(min_value=0, max_value=400))
def test_no_prefix_opens_as_a_whole_file(key, small_chunks, data, cut):
    sealed = seal(key, data)
    if cut >= len(sealed):
        assert open_(key, sealed) == data
    else:
        with pytest.raises(VaultRefused):
            open_(key, sealed[:cut])
