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

LARGEST = 2**7 - 1  # of quantised weights,
LARGEST_TOPIC = 2**5 - 1  # and of those for a topic, which need be less exact
WHOLE, WHOLE_TOPIC = 0.9999, 0.9995  # how many of them are kept whole: the few beyond are cut, for the sake of finer steps


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


def score_wording(parsed: Parsed, weights: NDArray[np.int8], bias: float, scale: float) -> Wording:
    """Add up `weights`, in steps of `scale`, by word and by segment."""
    words, segments, owner = len(parsed.words), len(parsed.segments), parsed.words.segments
    word_sums = group_sums(parsed.grams.words, words, weights[parsed.grams.buckets]) * scale
    word_counts = group_sums(parsed.grams.words, words)
    return Wording(word_sums, word_counts, group_sums(owner, segments, word_sums), group_sums(owner, segments, word_counts), bias)


def quantise(weights: NDArray[np.float32], largest: int, whole: float) -> tuple[NDArray[np.int8], float]:
    """Return weights as integers up to `largest` and the step that they count, so that a table of them fits a processor's cache.

    The share `whole` of them is kept, the few beyond are cut.
    """
    scale = float(np.quantile(np.abs(weights), whole)) / largest or 1.0
    return np.clip(np.round(weights / scale), -largest, largest).astype(np.int8), scale


def pack(injected: NDArray[np.int8], topic: NDArray[np.int8]) -> NDArray[np.uint16]:
    """Return both in 16 bits: ``injected + 128`` in the upper eight, ``topic + 32`` in the lowest six.

    One load and one addition serve both: of up to four, the sums fall apart again, for between them two bits are free.
    """
    return (injected.astype(np.int32) + 128 << 8 | topic.astype(np.int32) + 32).astype(np.uint16)


def unpack(weights: NDArray[np.uint16]) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Return what `pack` took."""
    wide = weights.astype(np.int32)
    return ((wide >> 8) - 128).astype(np.int8), ((wide & 63) - 32).astype(np.int8)
