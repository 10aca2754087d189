"""The second stage: from the features of a segment to the log odds that it was injected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.artifact import Tensors
from model.trees import Trees

ARRAYS = ("roots", "feature", "threshold", "left", "right", "value")


@dataclass(frozen=True)
class Judge:
    """Trees, and the slope and intercept that calibrate what they say.

    J. Platt, "Probabilistic outputs for support vector machines", 1999.
    """

    trees: Trees
    slope: float
    intercept: float

    def log_odds(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return calibrated log odds for rows of features, shape (n_rows,)."""
        return np.asarray(self.slope * self.trees.decide(features) + self.intercept)

    def to_tensors(self, prefix: str) -> Tensors:
        return {f"{prefix}.{name}": getattr(self.trees, name) for name in ARRAYS}

    def to_parameters(self) -> dict[str, float]:
        return {"baseline": self.trees.baseline, "depth": self.trees.depth, "slope": self.slope, "intercept": self.intercept}

    @classmethod
    def read(cls, prefix: str, tensors: Tensors, parameters: Mapping[str, Any]) -> Judge:
        """Build a judge from what `to_tensors` and `to_parameters` returned."""
        arrays = {name: tensors[f"{prefix}.{name}"] for name in ARRAYS}
        trees = Trees(**arrays, baseline=float(parameters["baseline"]), depth=int(parameters["depth"]))
        return cls(trees, float(parameters["slope"]), float(parameters["intercept"]))


def share_suspicion(log_odds: NDArray[np.float64], lines: NDArray[np.int64]) -> NDArray[np.float64]:
    """Draw the segments of a line half way to the line's mean.

    A text of one line is the work of one hand mostly; without this, a long honest paragraph would be judged by the worst
    of its many sentences.

    Parameters
    ----------
    log_odds : ndarray of shape (n_segments,)
    lines : ndarray of int64, shape (n_segments,)
        The line of each segment, from 0.
    """
    counts = np.bincount(lines)
    mean = np.bincount(lines, log_odds) / np.maximum(counts, 1)
    return np.asarray((log_odds + mean[lines]) / 2)


def probability(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities for log odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))
