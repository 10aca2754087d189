"""The first stage: how much the wording of a stretch of text is that of an advertisement.

A linear model over hashed n-grams, with counts scaled to unit Euclidean length. Because it is linear, the score of any
stretch is a difference of sums, and every word has its share of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.arrays import group_sums
from model.ngrams import Grams


@dataclass(frozen=True)
class Wording:
    """Scores of one text.

    Attributes
    ----------
    word_sums, word_counts : ndarray of float64, shape (n_words,)
        Sum of weights and number of grams of each word.
    sums, counts : ndarray of float64, shape (n_segments,)
        The same for each segment.
    """

    word_sums: NDArray[np.float64]
    word_counts: NDArray[np.float64]
    sums: NDArray[np.float64]
    counts: NDArray[np.float64]


def margin(sums: NDArray[np.float64], counts: NDArray[np.float64], bias: float) -> NDArray[np.float64]:
    """Return the log odds of stretches with these sums of weights and numbers of grams."""
    return np.asarray(sums / np.sqrt(np.maximum(counts, 1.0)) + bias)


def score_wording(grams: Grams, words: int, owner: NDArray[np.int64], segments: int, weights: NDArray[np.float32]) -> Wording:
    """Add up `weights` by word and by segment; ``owner`` names each word's segment."""
    word_sums = group_sums(grams.words, words, weights[grams.buckets])
    word_counts = group_sums(grams.words, words)
    return Wording(word_sums, word_counts, group_sums(owner, segments, word_sums), group_sums(owner, segments, word_counts))
