"""How much more two processes, or two threads, do than one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from multiprocessing import get_context

from benchmarks.speed.articles import make_articles
from benchmarks.speed.timing import Range, seconds
from model import Article, Classifier

ARTICLES = 100


@cache
def _loaded() -> tuple[Classifier, list[str]]:
    return Classifier.load(), make_articles(ARTICLES)


def _classify(repeats: int) -> None:
    classifier, texts = _loaded()
    for _ in range(repeats):
        for text in texts:
            classifier.classify(Article(text))


def _count(repeats: int) -> None:
    for _ in range(repeats):
        sum(range(200_000))


def in_parallel(rounds: int, repeats: int) -> dict[str, Range]:
    """Return how many times as much two do as one in the same time; what two processes that only count do is what the machine allows."""
    _loaded()
    with ProcessPoolExecutor(2, get_context("spawn")) as processes, ThreadPoolExecutor(2) as threads:
        return {
            "two processes": _gain(processes, _classify, rounds, repeats),
            "two threads": _gain(threads, _classify, rounds, repeats),
            "two processes that only count": _gain(processes, _count, rounds, 4 * repeats),
        }


def _gain(pool: Executor, work: Callable[[int], None], rounds: int, repeats: int) -> Range:
    list(pool.map(work, [repeats, repeats]))  # both load the model now
    ones, twos = [], []
    for _ in range(rounds):
        ones.append(seconds(lambda: list(pool.map(work, [repeats]))))
        twos.append(seconds(lambda: list(pool.map(work, [repeats, repeats]))))
    return Range.of_ratios([2 * one for one in ones], twos)
