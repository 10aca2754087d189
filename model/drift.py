"""Whether the texts of today are still those that a model was made for: what they look like, counted, and two such counts compared.

A model's manifest holds the counts of training time in ``reference``; the service and ``python -m training drift`` hold those of today
against them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

EDGES = (0.0, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)  # of the bins of scores
BINS = len(EDGES) - 1
SMALL, LARGE = 0.1, 0.25  # the usual limits of the index: below the first nothing moved, above the second much did
FLOOR = 1e-4
WORDS, DISGUISES = 0.05, 0.02  # by how much the share of unknown words and of disguised segments may rise
TIMES = 2.0  # as many lines flagged, or as few
UNNAMED = "?"  # an article whose language nobody named


@dataclass(frozen=True, slots=True)
class Profile:
    """What a set of articles looks like to a model.

    ``highest`` are the shares of articles by their highest score, ``scores`` those of lines by theirs, both over the bins of `EDGES`;
    ``languages`` shares of articles; ``labels`` how many lines in one bear each label; ``unknown_words`` and ``disguised`` means over
    segments. What was not counted is None.
    """

    articles: int
    lines: int
    highest: tuple[float, ...]
    languages: Mapping[str, float]
    labels: Mapping[str, float]
    scores: tuple[float, ...] | None = None
    unknown_words: float | None = None
    disguised: float | None = None

    @property
    def flagged(self) -> float:
        """The share of lines that bear a label."""
        return sum(self.labels.values())

    def to_dict(self) -> dict[str, Any]:
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Profile:
        """Read what `to_dict` wrote.

        Raises
        ------
        ValueError
            If it is not that.
        """
        try:
            scores = values.get("scores")
            profile = cls(
                int(values["articles"]),
                int(values["lines"]),
                tuple(map(float, values["highest"])),
                {str(key): float(share) for key, share in values["languages"].items()},
                {str(key): float(share) for key, share in values["labels"].items()},
                None if scores is None else tuple(map(float, scores)),
                _optional(values.get("unknown_words")),
                _optional(values.get("disguised")),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a profile: {error!r}") from None
        if any(part is not None and len(part) != BINS for part in (profile.highest, profile.scores)):
            raise ValueError(f"not a profile: scores must have {BINS} bins")
        return profile


@dataclass(slots=True)
class Tally:
    """Counts articles as they come. Counts of several processes add up with `merge`."""

    articles: int = 0
    lines: int = 0
    segments: int = 0
    highest: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, np.int64))
    scores: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, np.int64))
    languages: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    unknown_words: float = 0.0
    disguised: float = 0.0

    def add(self, highest: float, lines: int, labels: Iterable[str], lang: str | None) -> None:
        """Count what a verdict tells of one article: its highest score, its number of lines, and the labels of the flagged ones."""
        self.articles += 1
        self.lines += lines
        self.highest += _binned(np.array([highest]))
        self.languages[lang or UNNAMED] += 1
        self.labels.update(labels)

    def add_lines(self, scores: NDArray[np.float64], unknown_words: NDArray[np.float64], disguised: NDArray[np.bool_]) -> None:
        """Count what only scoring tells: the scores of lines, and for segments the share of unknown words and whether any is disguised."""
        self.scores += _binned(scores)
        self.segments += len(disguised)
        self.unknown_words += float(unknown_words.sum())
        self.disguised += float(disguised.sum())

    def merge(self, other: Tally) -> None:
        """Add the counts of `other`."""
        for name in ("articles", "lines", "segments", "highest", "scores", "unknown_words", "disguised"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.languages.update(other.languages)
        self.labels.update(other.labels)

    def profile(self) -> Profile:
        """Return the shares.

        Raises
        ------
        ValueError
            If no line was counted.
        """
        if not self.lines:
            raise ValueError("there is no line to compare")
        return Profile(
            self.articles,
            self.lines,
            _shares(self.highest),
            {lang: round(count / self.articles, 6) for lang, count in sorted(self.languages.items())},
            {label: round(count / self.lines, 6) for label, count in sorted(self.labels.items())},
            _shares(self.scores) if self.scores.sum() else None,
            round(self.unknown_words / self.segments, 6) if self.segments else None,
            round(self.disguised / self.segments, 6) if self.segments else None,
        )


@dataclass(frozen=True, slots=True)
class Drift:
    """Distances between two profiles, and one sentence on what follows.

    ``scores`` and ``languages`` are population stability indices; the others are differences, current less reference. What one of the
    profiles does not hold is None.
    """

    scores: float
    languages: float | None
    flagged: float
    unknown_words: float | None
    disguised: float | None
    due: bool
    verdict: str


def compare(reference: Profile, current: Profile) -> Drift:
    """Return how far `current` has moved from `reference`, and whether retraining is due.

    A cause counts if it is larger than chance explains for so few articles.
    """
    if reference.scores is not None and current.scores is not None:
        scores, noise = stability_index(reference.scores, current.scores), _noise(BINS, reference.lines, current.lines)
    else:
        scores, noise = stability_index(reference.highest, current.highest), _noise(BINS, reference.articles, current.articles)
    languages = _language_index(reference.languages, current.languages)
    named = len({*reference.languages, *current.languages})
    language_noise = _noise(named, reference.articles, current.articles)
    flagged = current.flagged - reference.flagged
    unknown, disguised = _difference(reference.unknown_words, current.unknown_words), _difference(reference.disguised, current.disguised)
    causes = []
    if scores > LARGE + noise:
        causes.append(f"scores moved (index {scores:.2f})")
    if languages is not None and languages > LARGE + language_noise:
        causes.append(f"languages moved (index {languages:.2f})")
    if _rates_differ(reference, current):
        causes.append(f"{1000 * current.flagged:.1f} lines in 1,000 are flagged instead of {1000 * reference.flagged:.1f}")
    if unknown is not None and unknown > WORDS:
        causes.append(f"{100 * unknown:.1f} points more unknown words")
    if disguised is not None and disguised > DISGUISES:
        causes.append(f"{100 * disguised:.1f} points more disguised words")
    if causes:
        verdict = f"Retraining is due: {', '.join(causes)}."
    elif scores > SMALL + noise or (languages or 0.0) > SMALL + language_noise:
        verdict = "Retraining is not due yet, but the texts have begun to change; look again soon."
    else:
        verdict = "Retraining is not due: the texts are still those that the model knows."
    return Drift(scores, languages, flagged, unknown, disguised, bool(causes), verdict)


def stability_index(expected: Sequence[float], actual: Sequence[float]) -> float:
    """Return the population stability index of two distributions over the same bins.

    B. Yurdakul, "Statistical Properties of Population Stability Index", 2018.
    """
    first, second = np.maximum(expected, FLOOR), np.maximum(actual, FLOOR)
    return float(((second - first) * np.log(second / first)).sum())


def _language_index(reference: Mapping[str, float], current: Mapping[str, float]) -> float | None:
    if not {*reference} - {UNNAMED} or not {*current} - {UNNAMED}:
        return None
    names = sorted({*reference, *current})
    return stability_index([reference.get(name, 0.0) for name in names], [current.get(name, 0.0) for name in names])


def _rates_differ(reference: Profile, current: Profile) -> bool:
    """Tell whether far more lines are flagged, or far fewer, by more than three standard deviations of chance."""
    before, now = reference.flagged, current.flagged
    share = (before * reference.lines + now * current.lines) / (reference.lines + current.lines)
    deviation = (share * (1 - share) * (1 / reference.lines + 1 / current.lines)) ** 0.5
    return abs(now - before) > 3 * deviation and (now > TIMES * before or before > TIMES * now)


def _noise(bins: int, first: int, second: int) -> float:
    """Return twice the index that two draws of these sizes from one distribution have on average (Yurdakul, 2018)."""
    return 2 * (bins - 1) * (1 / max(first, 1) + 1 / max(second, 1))


def _difference(before: float | None, now: float | None) -> float | None:
    return None if before is None or now is None else now - before


def _binned(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.asarray(np.histogram(scores, EDGES)[0], np.int64)


def _shares(counts: NDArray[np.int64]) -> tuple[float, ...]:
    return tuple(round(float(share), 6) for share in counts / counts.sum())


def _optional(value: float | None) -> float | None:
    return None if value is None else float(value)
