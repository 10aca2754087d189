"""Judging everything that paths name, with one line on standard error for each article that cannot be judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from model import Classifier, Report
from service.reading import Format, Read, Unreadable, read_articles

EXIT_FLAGGED = 1
EXIT_UNREADABLE = 2


class Judging:
    """An iterator of what was read with its report, in input order; ``broken`` counts what could not be read."""

    def __init__(self, classifier: Classifier, paths: Sequence[str], input_format: Format | None, threshold: float | None) -> None:
        self.classifier = classifier
        self.paths = paths
        self.input_format = input_format
        self.threshold = threshold
        self.broken = 0

    def __iter__(self) -> Iterator[tuple[Read, Report]]:
        for path in self.paths:
            for item in read_articles(path, self.input_format):
                if isinstance(item, Unreadable):
                    self.broken += 1
                    click.echo(f"saring: {item.source}: {item.message}", err=True)
                    continue
                submission = item.submission
                threshold = self.threshold if submission.threshold is None else submission.threshold
                yield item, self.classifier.classify(submission.article, threshold)
