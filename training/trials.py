"""What a model does with the frozen part of the data, which it was not fitted on, in tables for its card."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.classifier import Classifier
from model.types import Article, Report
from training.data import CLEAN, LABELS, LabelledArticle
from training.disguises import TRICKS

LETTERS = 4  # a word worth disguising has at least so many


def confusion(classifier: Classifier, frozen: Sequence[LabelledArticle]) -> dict[str, dict[str, int]]:
    """Count, for single lines of each label, what the model makes of them: ``{true: {predicted: lines}}``."""
    counts = {label: dict.fromkeys(LABELS, 0) for label in LABELS}
    for row in frozen:
        if row.is_line:
            report = classifier.classify(Article(row.text))
            counts[row.label][report.verdicts[0].label if report.verdicts else CLEAN] += 1
    return counts


def recall_by_trick(classifier: Classifier, frozen: Sequence[LabelledArticle], seed: int) -> dict[str, float]:
    """Return the share of injected lines found at the end of clean articles: plain ones, and with one word disguised.

    The word is the longest that holds a digit, or else the longest. The same lines stand in the same articles every time.
    """
    random = Random(seed)
    articles = [row.text for row in frozen if not row.is_line and row.is_clean and row.lang == "id"]
    spam = [row.text for row in frozen if row.is_line and row.label == "gambling" and row.kind == "line" and row.lang == "id"]
    pairs = [(random.choice(articles), line) for line in spam if _plain_word(line)]
    found = {"none": _recall(classifier, pairs)}
    for name, trick in TRICKS.items():
        changed = [(article, line.replace(word := _plain_word(line), trick(word, random), 1)) for article, line in pairs]
        found[name] = _recall(classifier, changed)
    return found


def reliability(scores: NDArray[np.float64], spam: NDArray[np.bool_], weight: NDArray[np.float64], bins: int = 10) -> list[list[float]]:
    """Return ``[mean score, share of spam, share of lines]`` of every bin of the score that holds a line."""
    index = np.minimum((scores * bins).astype(int), bins - 1)
    total = np.bincount(index, weight, bins)
    mean, share = np.bincount(index, scores * weight, bins), np.bincount(index, spam * weight, bins)
    return [[round(float(v), 4) for v in (mean[i] / total[i], share[i] / total[i], total[i] / total.sum())] for i in np.flatnonzero(total)]


def _plain_word(line: str) -> str:
    words = [word for word in line.split() if word.isascii() and word.isalnum() and sum(map(str.isalpha, word)) >= LETTERS]
    return max(words, key=lambda word: (any(map(str.isdigit, word)), len(word)), default="")


def _recall(classifier: Classifier, pairs: Sequence[tuple[str, str]]) -> float:
    reports: list[Report] = [classifier.classify(Article(f"{article}\n{line}")) for article, line in pairs]
    ends = [any(verdict.line.number == report.line_count for verdict in report.verdicts) for report in reports]
    return float(np.mean(ends)) if ends else 0.0
