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

LARGEST = 2**13 - 1  # of quantised weights: four of them add up to 16 bits
LARGEST_KIND = 2**7 - 1  # of those that need be less exact


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
    """Return the log odds of stretches with these sums of weights and numbers of grams.

    They are rounded to 32 bits, so that those of equal stretches are equal however their sums were added up.
    """
    return (sums / np.sqrt(np.maximum(counts, 1.0)) + bias).astype(np.float32).astype(np.float64)


def score_wording(parsed: Parsed, weights: NDArray[np.int16], bias: float, scale: float) -> Wording:
    """Add up `weights`, in steps of `scale`, by word and by segment."""
    words, segments, owner = len(parsed.words), len(parsed.segments), parsed.words.segments
    word_sums = group_sums(parsed.grams.words, words, weights[parsed.grams.buckets]) * scale
    word_counts = group_sums(parsed.grams.words, words)
    return Wording(word_sums, word_counts, group_sums(owner, segments, word_sums), group_sums(owner, segments, word_counts), bias)


def quantise(weights: NDArray[np.float32], largest: int = LARGEST) -> tuple[NDArray[np.int16], float]:
    """Return weights as integers up to `largest` and the step that they count, so that a table of them fits a processor's cache."""
    scale = float(np.abs(weights).max()) / largest or 1.0
    return np.round(weights / scale).astype(np.int16), scale


def pack(injected: NDArray[np.int16], topic: NDArray[np.int16]) -> NDArray[np.uint32]:
    """Return ``injected + 2 ** 13`` in the upper 16 bits, ``topic + 2 ** 13`` in the lower ones.

    One load and one addition serve both: of up to four, the sums fall apart again.
    """
    return (injected.astype(np.int64) + 2**13 << 16 | topic.astype(np.int64) + 2**13).astype(np.uint32)


def unpack(weights: NDArray[np.uint32]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Return what `pack` took."""
    wide = weights.astype(np.int64)
    return ((wide >> 16) - 2**13).astype(np.int16), ((wide & 0xFFFF) - 2**13).astype(np.int16)
