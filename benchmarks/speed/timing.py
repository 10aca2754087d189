"""Alternating runs, so that a machine that gets slower or faster does so for all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from statistics import median

from benchmarks.speed.articles import make_articles
from model import Article, Classifier


@dataclass(frozen=True)
class Range:
    """The least, the middle and the most of some runs."""

    minimum: float
    median: float
    maximum: float

    @classmethod
    def of(cls, values: list[float]) -> Range:
        return cls(min(values), median(values), max(values))


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def alternate(runs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Time every run once a round."""
    for run in runs.values():
        run()  # nobody pays for the first call of the others
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            times[name].append(seconds(run))
    return times


_classifier: Classifier | None = None


def _start() -> None:
    global _classifier
    _classifier = Classifier.load()
    _classifier.line_scores("hangat")


def _work(repeats: int) -> int:
    articles = [Article(text) for text in make_articles(100)]
    return sum(len(_classifier.classify(article).verdicts) for _ in range(repeats) for article in articles) if _classifier else 0


def two_processes(rounds: int, repeats: int = 20) -> Range:
    """Return how many times as much two processes do as one in the same time."""
    ratios = []
    with ProcessPoolExecutor(2, get_context("spawn"), _start) as pool:
        list(pool.map(_work, [1, 1]))
        for _ in range(rounds):
            one = seconds(lambda: list(pool.map(_work, [repeats])))
            two = seconds(lambda: list(pool.map(_work, [repeats, repeats])))
            ratios.append(2 * one / two)
    return Range.of(ratios)
