"""The first stage: what the wording of a stretch of text says, of injection or of a topic.

A linear model over hashed n-grams, with counts scaled to unit Euclidean length. Because it is linear, the score of any
stretch is a difference of sums, and every word has its share of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.arrays import group_sums
from model.parse import Parsed


@dataclass(frozen=True)
class Wording:
    """Scores of one text by one linear model.

    Attributes
    ----------
    word_sums, word_counts : ndarray of float64, shape (n_words,)
        Sum of weights and number of grams of each word.
    sums, counts : ndarray of float64, shape (n_segments,)
        The same for each segment.
    bias : float
        Log odds of a stretch without any gram.
    """

    word_sums: NDArray[np.float64]
    word_counts: NDArray[np.float64]
    sums: NDArray[np.float64]
    counts: NDArray[np.float64]
    bias: float

    def margin(self, sums: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log odds of stretches with these sums of weights and numbers of grams."""
        return margin(sums, counts, self.bias)


def margin(sums: NDArray[np.float64], counts: NDArray[np.float64], bias: float) -> NDArray[np.float64]:
    """Return the log odds of stretches with these sums of weights and numbers of grams."""
    return np.asarray(sums / np.sqrt(np.maximum(counts, 1.0)) + bias)


def score_wording(parsed: Parsed, weights: NDArray[np.float32], bias: float) -> Wording:
    """Add up `weights` by word and by segment."""
    words, segments, owner = len(parsed.words), len(parsed.segments), parsed.words.segments
    word_sums = group_sums(parsed.grams.words, words, weights[parsed.grams.buckets])
    word_counts = group_sums(parsed.grams.words, words)
    return Wording(word_sums, word_counts, group_sums(owner, segments, word_sums), group_sums(owner, segments, word_counts), bias)
