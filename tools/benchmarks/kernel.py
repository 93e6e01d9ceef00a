"""The kernel: what sealing costs."""

import os
import time
from collections.abc import Callable, Iterator

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from common.vault import DataKey
from tools.benchmarks import Figure, benchmark
from tools.benchmarks.frame import timing

TEXT = ("営業秘密の相談。" * 171).encode()[:4096]
BOUND = b"consultations_consultation|answers|5a3f8d9e-2f0c-4c5e-9f1d-7a1e2b3c4d5e|1"
TIMES = 5000


def _each(action: Callable[[], object]) -> Callable[[], float]:
    """Microseconds of one call, over many."""

    def measure() -> float:
        started = time.perf_counter()
        for _ in range(TIMES):
            action()
        return (time.perf_counter() - started) / TIMES * 1e6

    return measure


@benchmark
def sealing() -> Iterator[Figure]:
    """4 KB of text under a case's data key, against AES-256-GCM as the library gives it."""
    key, bare = DataKey.objects.create_key(), AESGCM(AESGCM.generate_key(256))
    blob = key.seal(BOUND, TEXT)

    def encrypt() -> bytes:
        nonce = os.urandom(12)
        return nonce + bare.encrypt(nonce, TEXT, BOUND)

    encrypted = encrypt()
    ours, floor = timing.in_turn(_each(lambda: key.seal(BOUND, TEXT)), _each(encrypt))
    yield Figure("sealing 4 KB of text", ours, "µs", floor=floor, goal="<= 5")
    ours, floor = timing.in_turn(
        _each(lambda: key.open(BOUND, blob)),
        _each(lambda: bare.decrypt(encrypted[:12], encrypted[12:], BOUND)),
    )
    yield Figure("opening 4 KB of sealed text", ours, "µs", floor=floor, goal="<= 5")
