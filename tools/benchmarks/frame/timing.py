"""Measuring two things in turn, so that what disturbs the machine disturbs both."""

import math
import time
from collections.abc import Callable, Sequence
from statistics import median


def in_turn(
    ours: Callable[[], float], floor: Callable[[], float], *, rounds: int = 5, warm_up: int = 1
) -> tuple[float, float]:
    """The medians of what both measure, round by round; warm-up rounds are thrown away."""
    pairs = [(ours(), floor()) for _ in range(warm_up + rounds)][warm_up:]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]
