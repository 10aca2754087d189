"""Champion against challenger: every guarded figure of both on the same articles, and whether the challenger may take over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.trials import Trial

RESAMPLES = 4000
CHANCE = 0.025  # of being called better in any figure by luck alone, and worse in one
POINT = 0.01  # by how much a share may fall before it counts: one point of recall
TOLERANCES = {
    "recall": POINT,
    "recall, trick": 0.02,
    "recall, language": 0.03,
    "recall, kind": 0.03,
    "false alarms": 0.002,
    "false alarms, news": 0.01,
    "false alarms, kind": 0.01,
}
FEWEST = 5  # articles; what fewer show is an anecdote
CALIBRATION, SIZE, SPEED = 0.01, 1.1, 1.25  # error may grow by so much, besides chance; size and time by such a factor
STANDARD_ERRORS = 1.64  # beyond which one figure in twenty lies by chance


@dataclass(frozen=True, slots=True)
class Figure:
    """One guarded figure of both models.

    ``low`` and ``high`` bound the difference (challenger less champion) with 95 % confidence, from a bootstrap over articles;
    they are None for what is not a share of lines. ``worse`` and ``better`` say whether the difference is beyond tolerance and
    chance.
    """

    name: str
    champion: float
    challenger: float
    low: float | None
    high: float | None
    tolerance: float
    worse: bool
    better: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the challenger is published, and why."""

    accepted: bool
    reasons: tuple[str, ...]
    figures: tuple[Figure, ...]


def compare_shares(name: str, champion: Trial, challenger: Trial, tolerance: float, seed: int, *, higher: bool, figures: int = 1) -> Figure:
    """Compare a share of lines (recall, or false alarms) that both models have on the same articles.

    B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993: articles are drawn with replacement, both models are
    counted on the same draws, and the middle 95 % of the differences is the interval. Of many `figures` some look better by luck: the
    challenger is better in one only if chance explains that so seldom that it would not in any of them (C. Bonferroni, 1936).
    """
    first, second = champion.share, challenger.share
    # Articles that are alike in all three counts are drawn together: most hold one line.
    kinds, copies = np.unique(np.stack((champion.hits, challenger.hits, champion.of)), axis=1, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(copies.sum(), copies / copies.sum(), RESAMPLES) @ kinds.T
    differences = (drawn[:, 1] - drawn[:, 0]) / np.maximum(drawn[:, 2], 1)
    low, high = (float(value) for value in np.percentile(differences, (100 * CHANCE, 100 - 100 * CHANCE)))
    gain = (second - first) if higher else (first - second)
    luck = float(((differences <= 0) if higher else (differences >= 0)).mean())
    harmful = high < 0 if higher else low > 0
    better = bool(gain > 0 and luck <= CHANCE / figures and copies.sum() >= FEWEST)
    return Figure(name, first, second, low, high, tolerance, worse=bool(gain < -tolerance and harmful), better=better)


def compare_costs(name: str, champion: float, challenger: float, limit: float) -> Figure:
    """Compare what should be low; the challenger is worse above `limit`, and never better for being cheaper alone."""
    return Figure(name, champion, challenger, None, None, limit - champion, worse=challenger > limit, better=False)


def decide(figures: Sequence[Figure]) -> Decision:
    """Accept a challenger that is worse nowhere and better somewhere."""
    worse = [figure for figure in figures if figure.worse]
    better = [figure for figure in figures if figure.better]
    if worse:
        reasons = tuple(
            f"{figure.name} is worse: {figure.champion:.4f} -> {figure.challenger:.4f} (tolerance {figure.tolerance:.4f})"
            for figure in worse
        )
        return Decision(False, reasons, tuple(figures))
    if not better:
        return Decision(False, ("no guarded figure is better beyond chance",), tuple(figures))
    reasons = tuple(f"{figure.name} is better: {figure.champion:.4f} -> {figure.challenger:.4f}" for figure in better)
    return Decision(True, reasons, tuple(figures))


def tolerance_of(name: str) -> tuple[float, bool]:
    """Return the tolerance of a share by its name, and whether it should be high."""
    family = max((key for key in TOLERANCES if name.startswith(key)), key=len)
    return TOLERANCES[family], family.startswith("recall")


def compare_trials(champion: Mapping[str, Trial], challenger: Mapping[str, Trial], seed: int) -> list[Figure]:
    """Compare every trial that both models went through."""
    figures = []
    for name in champion:
        tolerance, higher = tolerance_of(name)
        figures.append(compare_shares(name, champion[name], challenger[name], tolerance, seed, higher=higher, figures=len(champion)))
    return figures
