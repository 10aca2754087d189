"""Which lines to label next: those that the model is least sure of, and unlike one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from model.classifier import Classifier
from model.lines import split_lines
from model.types import Article
from training.progress import track

CANDIDATES = 10  # times as many lines as asked for are compared with one another
ALIKE = 0.5  # share of letter triples in common from which on two lines say the same


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line of the pool; ``uncertainty`` is 1 at the threshold and 0 where the model is sure."""

    id: str | None
    number: int
    text: str
    score: float
    uncertainty: float


def suggest(classifier: Classifier, pool: Iterable[Article], count: int) -> list[Suggestion]:
    """Return at most `count` lines, the most uncertain first, none much like one before it.

    Uncertainty sampling (D. Lewis and W. Gale, "A Sequential Algorithm for Training Text Classifiers", 1994) with a bar on likeness.
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    candidates = sorted(_score(classifier, pool), key=lambda line: -line.uncertainty)[: CANDIDATES * count]
    chosen: list[Suggestion] = []
    shapes: list[frozenset[str]] = []
    for line in candidates:
        shape = _triples(line.text)
        if all(len(shape & other) < ALIKE * max(len(shape | other), 1) for other in shapes):
            chosen.append(line)
            shapes.append(shape)
        if len(chosen) == count:
            break
    return chosen


def _score(classifier: Classifier, pool: Iterable[Article]) -> Iterator[Suggestion]:
    threshold = classifier.manifest.threshold
    for article in track(pool, "scoring"):
        lines = split_lines(article.text)
        numbers, scores = classifier.line_scores(article.text)
        for number, score in zip(numbers.tolist(), scores.tolist(), strict=True):
            side = (1 - threshold) if score >= threshold else threshold
            uncertainty = max(0.0, 1 - abs(score - threshold) / max(side, 1e-9))
            yield Suggestion(article.id, number, lines[number - 1].text, round(score, 4), round(uncertainty, 4))


def _triples(text: str) -> frozenset[str]:
    plain = " ".join(text.lower().split())
    return frozenset(plain[i : i + 3] for i in range(max(len(plain) - 2, 1)))
