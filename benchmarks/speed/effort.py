"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """``rounds`` of alternating runs, each of ``least_seconds`` or more, ``comparisons`` where other methods take turns with Saring;

    ``labels`` to learn from, or all; texts up to ``most_bytes``.
    """

    rounds: int
    comparisons: int
    least_seconds: float
    articles: int
    labels: int | None
    most_bytes: int
    starts: int
    parallel_repeats: int


FULL = Effort(rounds=7, comparisons=15, least_seconds=0.2, articles=200, labels=None, most_bytes=10**8, starts=7, parallel_repeats=50)
# Shows that everything works; its figures are worth little.
QUICK = Effort(rounds=2, comparisons=2, least_seconds=0.01, articles=20, labels=500, most_bytes=10**6, starts=1, parallel_repeats=1)
