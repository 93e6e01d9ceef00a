"""What a benchmark returns, and the register of all of them. Standard library only."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

_GOAL = re.compile(r"(>=|<=) ([0-9]+(?:\.[0-9]+)?)")


@dataclass(frozen=True)
class Figure:
    """One measured value. A goal (`>= 0.5`, `<= 1.15`) is meant for the ratio to the floor; where
    there is no floor, for the value."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    goal: str = ""

    def __post_init__(self) -> None:
        if self.goal and not _GOAL.fullmatch(self.goal):
            raise ValueError(f"a goal looks like '>= 0.5' or '<= 1.15', not {self.goal!r}")

    @property
    def ratio(self) -> float | None:
        """The value, with the floor as 1."""
        return self.value / self.floor if self.floor else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        goal = _GOAL.fullmatch(self.goal)
        if goal is None:
            return None
        measured = self.value if self.ratio is None else self.ratio
        bound = float(goal.group(2))
        return measured >= bound if goal.group(1) == ">=" else measured <= bound

    def row(self) -> dict[str, Any]:
        """As one object of the JSON output."""
        return {
            "name": self.name, "value": _short(self.value), "unit": self.unit,
            "floor": _short(self.floor), "ratio": _short(self.ratio), "goal": self.goal,
        }  # fmt: skip


def _short(number: float | None) -> float | None:
    """Four significant digits: more would pretend to an accuracy that is not there."""
    return None if number is None else float(f"{number:.4g}")


#: "area.function" → the function.
BENCHMARKS: dict[str, Callable[[], Iterable[Figure]]] = {}


def benchmark(function: Callable[[], Iterable[Figure]]) -> Callable[[], Iterable[Figure]]:
    """Register a benchmark under its module's and its own name."""
    area = function.__module__.rpartition(".")[2]
    BENCHMARKS[f"{area}.{function.__name__}"] = function
    return function
