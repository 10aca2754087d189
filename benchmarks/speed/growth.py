"""How time and memory grow with the text."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from benchmarks.speed.articles import make_articles
from model import Article, Classifier

MB = 10**6
SIZES = (10**3, 10**4, 10**5, 10**6, 10**7, 10**8)


def _filled(size: int) -> str:
    """Return articles one after another, cut to `size` bytes."""
    piece = "\n".join(make_articles(200, seed=1)) + "\n"
    return (piece * (size // len(piece.encode()) + 1)).encode()[:size].decode("utf-8", "ignore")


SHAPES: dict[str, Callable[[], str]] = {
    "10 articles in one text": lambda: "\n".join(make_articles(10, seed=2)),
    "100,000 short lines": lambda: "\n".join(f"baris ke {number}" for number in range(100_000)),
    "100,000 short lines, all spam": lambda: "\n".join(f"slot gacor{number}" for number in range(100_000)),
    "one line of 10 MB": lambda: _filled(10 * MB).replace("\n", " "),
    "emoji": lambda: "😀🎰🔥 " * 100_000,
    "no blank": lambda: "gacor88" * 200_000,
    "exclamation marks": lambda: "!" * 1_000_000,
    "spelled out": lambda: "s l o t " * 200_000,
}


def usual_cost(classifier: Classifier) -> float:
    """Return seconds a byte for usual articles, one after another."""
    articles = [Article(text) for text in make_articles(100)]
    return _best(lambda: [classifier.classify(article) for article in articles]) / sum(len(article.text.encode()) for article in articles)


def shape_costs(classifier: Classifier) -> Iterator[tuple[str, int, float]]:
    """Yield the name and the bytes of every shape, and how many times the usual cost a byte of it has."""
    for name, make in SHAPES.items():
        article = Article(make())
        size = len(article.text.encode())
        usual = usual_cost(classifier)  # measured anew beside each, for the machine's sake
        yield name, size, _best(lambda article=article: classifier.classify(article), 3) / size / usual


def growth(classifier: Classifier) -> Iterator[tuple[int, float]]:
    """Yield sizes in bytes and the nanoseconds that a byte costs."""
    for size in SIZES:
        article = Article(_filled(size))
        yield size, _best(lambda article=article: classifier.classify(article), 3 if size > MB else 20) / size * 1e9


def memory(size: int) -> float:
    """Return the peak memory of a text of `size` bytes above the loaded model and the text, in bytes a byte.

    It is measured in a process of its own, which has seen no other text than a short one.
    """
    child = [sys.executable, "-m", "benchmarks.speed.growth"]
    return float(subprocess.run(child, input=_filled(size), capture_output=True, text=True, check=True).stdout)


def _best(run: Callable[[], object], times: int = 5) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    loaded = Classifier.load()
    loaded.classify(Article("Harga beras naik.\nslot gacor88"))
    article = Article(sys.stdin.read())
    before = _peak()
    loaded.classify(article)
    print((_peak() - before) / len(article.text.encode()))
