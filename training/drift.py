"""Whether the texts of today are still those that the model was tried on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.classifier import Classifier
from model.features import NAMES
from model.types import Article

EDGES = np.array([0.0, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
SMALL, LARGE = 0.1, 0.25  # the usual limits of the index: below the first nothing moved, above the second much did
FLOOR = 1e-4


@dataclass(frozen=True, slots=True)
class Profile:
    """What a set of articles looks like to the model: shares of lines by score, of articles by language, and means over lines."""

    lines: int
    scores: NDArray[np.float64]
    languages: dict[str, float]
    flagged: float
    unknown_words: float
    disguised: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Distances between two profiles, and one sentence on what follows.

    ``scores`` and ``languages`` are population stability indices; the others are differences of shares, current less reference.
    """

    scores: float
    languages: float
    flagged: float
    unknown_words: float
    disguised: float
    due: bool
    verdict: str


def profile(classifier: Classifier, articles: Iterable[Article]) -> Profile:
    """Describe articles as the model sees them.

    Raises
    ------
    ValueError
        If there is no line in them.
    """
    counts = np.zeros(len(EDGES) - 1)
    languages: Counter[str] = Counter()
    flagged, unknown, disguised = 0, [], []
    for article in articles:
        scored = classifier.score(article.text)
        _, scores = classifier.line_scores(scored)
        counts += np.histogram(scores, EDGES)[0]
        flagged += int((scores >= classifier.manifest.threshold).sum())
        languages[article.lang or "?"] += 1
        unknown.extend(scored.features[:, NAMES.index("unknown_words")])
        disguised.extend(scored.features[:, NAMES.index("disguised_share")] > 0)
    if not counts.sum():
        raise ValueError("there is no line to compare")
    total = sum(languages.values())
    return Profile(
        int(counts.sum()),
        counts / counts.sum(),
        {lang: count / total for lang, count in languages.items()},
        flagged / counts.sum(),
        float(np.mean(unknown)),
        float(np.mean(disguised)),
    )


def compare(reference: Profile, current: Profile) -> Drift:
    """Return how far `current` has moved, and whether retraining is due."""
    names = sorted({*reference.languages, *current.languages})
    languages = stability_index(
        np.array([reference.languages.get(name, 0.0) for name in names]), np.array([current.languages.get(name, 0.0) for name in names])
    )
    scores = stability_index(reference.scores, current.scores)
    unknown, disguised = current.unknown_words - reference.unknown_words, current.disguised - reference.disguised
    causes = [
        name
        for name, moved in (
            (f"scores moved (index {scores:.2f})", scores > LARGE),
            (f"languages moved (index {languages:.2f})", languages > LARGE),
            (f"{100 * unknown:.1f} points more unknown words", unknown > 0.05),
            (f"{100 * disguised:.1f} points more disguised words", disguised > 0.02),
        )
        if moved
    ]
    if causes:
        verdict = f"Retraining is due: {', '.join(causes)}."
    elif max(scores, languages) > SMALL:
        verdict = "Retraining is not due yet, but the texts have begun to change; look again soon."
    else:
        verdict = "Retraining is not due: the texts are still those that the model knows."
    return Drift(scores, languages, current.flagged - reference.flagged, unknown, disguised, bool(causes), verdict)


def stability_index(expected: NDArray[np.float64], actual: NDArray[np.float64]) -> float:
    """Return the population stability index of two distributions over the same bins.

    B. Yurdakul, "Statistical Properties of Population Stability Index", 2018.
    """
    first, second = np.maximum(expected, FLOOR), np.maximum(actual, FLOOR)
    return float(((second - first) * np.log(second / first)).sum())
