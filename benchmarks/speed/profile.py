"""Judge the articles over and over, for a profiler to look at, and print what each layer adds.

usage: python -m benchmarks.speed.profile [SECONDS]
"""

from __future__ import annotations

import os
import sys

import numpy as np

from benchmarks.speed.articles import make_articles
from benchmarks.speed.effort import FULL
from benchmarks.speed.timing import Range, Run, processor_seconds
from model import Article, Classifier

TIMES = 100


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    texts = make_articles(FULL.articles)
    size = sum(len(text.encode()) for text in texts)
    classifier = Classifier.load()
    engine, threshold = classifier.engine, classifier.manifest.threshold

    def judge(threshold: float) -> None:
        for text in texts:
            article = Article(text)
            engine.judge(text, threshold, article.utf8)

    # Each layer holds those above it.
    layers: dict[str, Run] = {
        "checking and encoding the text": lambda: [Article(text) for text in texts],
        "scoring": lambda: judge(np.inf),
        "spans and evidence of flagged lines": lambda: judge(threshold),
        "verdicts, reasons, clean text": lambda: [classifier.classify(Article(text)) for text in texts],
    }
    times: dict[str, list[float]] = {name: [] for name in layers}
    whole = 0.0
    while whole < seconds:
        for name, run in layers.items():
            times[name].append(processor_seconds(run))
            whole += times[name][-1]
    total = Range.of(times["verdicts, reasons, clean text"]).median
    before = 0.0
    for name, values in times.items():
        median = Range.of(values).median
        print(f"{(median - before) / size * 1e9:6.2f} ns a byte  {(median - before) / total:4.0%}  {name}")
        before = median
    print(f"{total / size * 1e9:6.2f} ns a byte        in all, {size / 1e6 / total:.1f} MB/s")
    again = sum(processor_seconds(lambda text=text: [classifier.classify(Article(text)) for _ in range(TIMES)]) for text in texts)
    print(f"{again / size / TIMES * 1e9:6.2f} ns a byte        of an article that is judged {TIMES} times in a row")


if __name__ == "__main__":
    main()
