"""One benchmark's result, in the form `mailroom bench --json` prints."""

from __future__ import annotations

import resource
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

OnPart = Callable[[str], None]
"""Told what a benchmark is doing now, for whoever watches."""


def silent(part: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the figure is measured against, in the same run and unit."""

    name: str
    figure: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure; `floor` must be kept and `goal` is aimed at, on the figure or on the ratio."""

    benchmark: str
    figure: float
    unit: str
    baseline: Baseline
    better: Literal["higher", "lower"]
    floor_on: Literal["figure", "ratio"]
    floor: float
    goal: float
    peak_rss_mb: float
    detail: dict[str, Any] | None = None

    @property
    def ratio(self) -> float:
        """Return our figure over the baseline's."""
        return self.figure / self.baseline.figure

    @property
    def keeps_floor(self) -> bool:
        """Tell whether the floor is kept."""
        value = self.figure if self.floor_on == "figure" else self.ratio
        return value >= self.floor if self.better == "higher" else value <= self.floor

    def as_json(self) -> dict[str, Any]:
        """Return the public form."""
        body = {
            "benchmark": self.benchmark,
            "figure": significant(self.figure),
            "unit": self.unit,
            "baseline": {"name": self.baseline.name, "figure": significant(self.baseline.figure)},
            "ratio": significant(self.ratio),
            "better": self.better,
            "floor_on": self.floor_on,
            "floor": self.floor,
            "goal": self.goal,
            "peak_rss_mb": round(self.peak_rss_mb),
        }
        return body if self.detail is None else {**body, "detail": self.detail}


def significant(value: float) -> float:
    """Round to four significant digits."""
    return float(f"{value:.4g}")


def peak_rss_mb() -> float:
    """Return the largest resident set this process or a finished child has had, in MiB (Linux counts in KiB)."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(own, children) / 1024


def middle_pair(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the pair with the median ratio of interleaved (ours, baseline) measurements."""
    wanted = median(ours / base for ours, base in pairs)
    return min(pairs, key=lambda pair: abs(pair[0] / pair[1] - wanted))
