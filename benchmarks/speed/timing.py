"""Alternating runs, so that a machine that gets slower or faster does so for all."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from benchmarks.speed.effort import Effort

Run = Callable[[], object]


@dataclass(frozen=True)
class Range:
    """The least, the middle and the most of some runs."""

    minimum: float
    median: float
    maximum: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Range:
        return cls(min(values), median(values), max(values))

    @classmethod
    def of_ratios(cls, values: Sequence[float], others: Sequence[float]) -> Range:
        """Compare what was measured in the same round."""
        return cls.of([value / other for value, other in zip(values, others, strict=True)])


def seconds(run: Run) -> float:
    """Return the seconds on the clock that `run` takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def processor_seconds(run: Run, times: int = 1) -> float:
    """Return the seconds that all threads of this process spend on a processor for `run`, which others on the machine hardly change."""
    start = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - start) / times


def alternate(runs: Mapping[str, Run], effort: Effort) -> dict[str, list[float]]:
    """Return processor seconds of every run, once a round: the mean of as many repeats as a measurement should last."""
    timers = _timers(runs, effort)
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(effort.rounds):
        for name, timer in timers.items():
            times[name].append(timer())
    return times


def compare(own: Run, others: Mapping[str, Run], effort: Effort) -> dict[str, list[tuple[float, float]]]:
    """Return processor seconds of each of the others, and beside them the mean of `own` just before and just after, once a round.

    A machine that others use changes its speed within seconds; runs that are minutes apart could not be compared.
    """
    timers = _timers(others, effort)
    timer = _timers({"": own}, effort)[""]
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in others}
    for _ in range(effort.comparisons):
        before = timer()
        for name, other in timers.items():
            seconds, after = other(), timer()
            times[name].append((seconds, (before + after) / 2))
            before = after
    return times


def _timers(runs: Mapping[str, Run], effort: Effort) -> dict[str, Callable[[], float]]:
    """Return functions that time so many repeats of a run as a measurement should last."""
    # Nobody pays for the first call of the others, or for looking through what they have loaded for garbage.
    repeats = {name: max(1, round(effort.least_seconds / max(processor_seconds(run), 1e-6))) for name, run in runs.items()}
    gc.collect()
    gc.freeze()
    return {name: partial(processor_seconds, run, repeats[name]) for name, run in runs.items()}
