"""Hashed n-grams: characters (2 to 5, words joined by one blank), words, pairs of words, and shapes of words.

The hashing trick (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009): no vocabulary is kept,
a gram's weight stands at the bucket that its hash names.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.normalise import Folded
from model.segments import Segments, is_word
from model.unicode_tables import Kind

ORDERS = (2, 3, 4, 5)
BLANK = 32
_PRIME = np.uint32(0x01000193)
WORD_PRIME = 0x100000001B3
WORD_INVERSE = pow(WORD_PRIME, -1, 2**64)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_PAIR = np.uint64(0xA24BAED4963EE407)
_SHAPE = np.uint64(0xC2B2AE3D27D4EB4F)


@dataclass(frozen=True)
class Words:
    """The words of a text, one entry a word: maximal runs of letters and digits.

    Attributes
    ----------
    starts, ends : ndarray of int64
        Offsets in the folded text.
    hashes : ndarray of uint64
        Equal for equal words.
    segments : ndarray of int64
        The segment that holds the word.
    letters : ndarray of int64
        How many letters the word starts with.
    glued : ndarray of bool
        Whether letters and then digits make up the word, as in ``gacor88`` or ``visi4d``.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    segments: NDArray[np.int64]
    letters: NDArray[np.int64]
    glued: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def keys(self) -> NDArray[np.uint32]:
        """32 bits of the hashes, mixed: enough to find the words that a text holds again."""
        return (self.hashes * _MIX >> np.uint64(32)).astype(np.uint32)


@dataclass(frozen=True)
class Grams:
    """The n-grams of a text: ``buckets[i]`` counts for segment ``segments[i]`` and lies in word ``words[i]``."""

    buckets: NDArray[np.uint32]
    segments: NDArray[np.int64]
    words: NDArray[np.int64]


def find_words(folded: Folded, segments: Segments) -> Words:
    """Return the words of `folded`, in order."""
    inside = is_word(folded.kinds)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).astype(np.int8)))
    starts, ends = edges[::2].astype(np.int64), edges[1::2].astype(np.int64)
    letter = inside & (folded.kinds != Kind.DIGIT)
    non_letters = np.append(np.flatnonzero(~letter), len(letter))
    letters = non_letters[np.searchsorted(non_letters, starts)] - starts
    digits = np.concatenate(([0], np.cumsum(folded.kinds == Kind.DIGIT)))
    first = starts + letters
    glued = (letters > 0) & (first < ends)
    glued[glued] = digits[first[glued] + 1] - digits[first[glued]] > 0
    return Words(
        starts,
        ends,
        _hash_ranges(folded.points, starts, ends),
        np.searchsorted(segments.starts, starts, side="right") - 1,
        letters,
        glued,
    )


def extract_grams(folded: Folded, words: Words, bits: int) -> Grams:
    """Return every n-gram of every segment, ``2 ** bits`` buckets; none reaches over a segment's border."""
    parts = [*_character_grams(folded, words, bits), *_word_grams(folded, words, bits)]
    index = np.concatenate([word for _, word in parts])
    return Grams(np.concatenate([bucket for bucket, _ in parts]), words.segments[index], index)


def _character_grams(folded: Folded, words: Words, bits: int) -> list[tuple[NDArray[np.uint32], NDArray[np.int64]]]:
    """Hash the characters of words with one blank before each and one after the last, as (bucket, word) a position."""
    lengths = words.ends - words.starts
    total = int(lengths.sum()) + len(words)
    first = np.cumsum(lengths + 1) - lengths - 1
    word = np.repeat(np.arange(len(words)), lengths + 1)
    # The stream is " word word word": each word's blank comes before it.
    source = np.arange(total) - first[word] - 1 + words.starts[word]
    blank = np.zeros(total, np.bool_)
    blank[first] = True
    points = np.where(blank, np.uint32(BLANK), folded.points[np.where(blank, 0, source)] if total else np.uint32(BLANK))
    points = points.astype(np.uint32)
    owner = words.segments[word]
    shift = np.uint32(32 - bits)
    result = []
    hashes = points
    for order in ORDERS:
        if total < order:
            break
        hashes = hashes[:-1] * _PRIME + points[order - 1 :]
        valid = owner[order - 1 :] == owner[: total - order + 1]
        mixed = hashes[valid]
        mixed = (mixed ^ (mixed >> np.uint32(15))) * np.uint32(0x9E3779B1)
        result.append((mixed >> shift, word[order - 1 :][valid]))
    return result


def _word_grams(folded: Folded, words: Words, bits: int) -> list[tuple[NDArray[np.uint32], NDArray[np.int64]]]:
    shift = np.uint64(64 - bits)
    index = np.arange(len(words))
    mixed = words.hashes * _MIX
    pair = (mixed[:-1] * _PAIR + mixed[1:]) * _MIX
    same = words.segments[:-1] == words.segments[1:]
    glued = np.flatnonzero(words.glued & (words.letters >= 3))
    endings = _hash_ranges(folded.points, words.starts[glued] + words.letters[glued], words.ends[glued])
    return [
        ((mixed >> shift).astype(np.uint32), index),
        ((pair[same] >> shift).astype(np.uint32), index[1:][same]),
        (((endings ^ _SHAPE) * _MIX >> shift).astype(np.uint32), glued),
    ]


def _hash_ranges(points: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Hash ``points[start:end]`` for every pair: a polynomial modulo 2**64, from differences of prefix sums."""
    size = len(points) + 1
    powers = np.cumprod(np.full(size, WORD_PRIME, np.uint64), dtype=np.uint64)
    inverses = np.cumprod(np.full(size, WORD_INVERSE, np.uint64), dtype=np.uint64)
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(points * powers[:-1], dtype=np.uint64)))
    hashes = (sums[ends] - sums[starts]) * inverses[starts]
    return hashes ^ (hashes >> np.uint64(29))
