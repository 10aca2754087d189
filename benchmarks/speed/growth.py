"""How time grows with the text, and what a byte costs in texts out of the ordinary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.speed.articles import make_articles
from benchmarks.speed.effort import Effort
from benchmarks.speed.shapes import MAKE
from benchmarks.speed.timing import Range, alternate, processor_seconds
from model import Article, Classifier

SIZES = (10**3, 10**4, 10**5, 10**6, 10**7, 10**8)
RUNS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """A text of that many bytes, and the nanoseconds that each of them costs: the least of some runs."""

    bytes: int
    cost: float


def shape_cost(classifier: Classifier, text: str, effort: Effort) -> Range:
    """Return how many times as much a byte of `text` costs as one of usual articles, judged one after another."""
    articles = make_articles(100)
    times = alternate(
        {
            "shape": lambda: classifier.classify(Article(text)),
            "usual": lambda: [classifier.classify(Article(article)) for article in articles],
        },
        effort,
    )
    usual = sum(len(article.encode()) for article in articles) / len(text.encode())
    return Range.of_ratios([usual * seconds for seconds in times["shape"]], times["usual"])


def growth(classifier: Classifier, most: int) -> Iterator[tuple[str, list[Point]]]:
    """Yield the kinds of text that are drawn, and what a byte of each costs at every size up to `most`."""
    for name, make in MAKE.items():
        yield name, [_point(classifier, make(size)) for size in SIZES if size <= most]


def _point(classifier: Classifier, text: str) -> Point:
    size = len(text.encode())
    repeats = max(1, 10**6 // size)
    runs = RUNS if size < SIZES[-1] // 2 else 1
    cost = min(processor_seconds(lambda: classifier.classify(Article(text)), repeats) for _ in range(runs))
    return Point(size, cost / size * 1e9)
