"""How the segment looks on the page: capitals, punctuation, emoji, length."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.features.context import Array, Context, Flags
from model.unicode_tables import Kind, Mark

NAMES = (
    "upper",  # share of capitals among letters
    "capitalised",  # share of words with a capital first
    "no_capital",
    "starts_lower",
    "ends_open",  # no full stop or the like at the end
    "punctuation",  # marks, a word
    "exclamations",  # log
    "emoji",  # log
    "digits",  # share of characters
    "words",  # log
    "short",
)
SHORT = 5  # words; fewer make no sentence
CLOSING = [ord(character) for character in ".!?…:;,\"'”’)]。！？"]
PUNCTUATION = [ord(character) for character in ",.;:\"“”()'’"]


def compute(context: Context) -> list[Array]:
    folded, segments = context.parsed.folded, context.parsed.segments
    kinds, points = folded.kinds, folded.points
    upper = (folded.marks & Mark.UPPER.value) > 0
    capitals = context.per_character(upper)
    letters = context.per_character((kinds == Kind.LATIN) | (kinds == Kind.LETTER) | (kinds == Kind.DENSE))
    return [
        capitals / np.maximum(letters, 1.0),
        context.share_of_words(upper[context.parsed.words.starts]),
        (capitals == 0).astype(np.float64),
        _starts_lower(context, upper).astype(np.float64),
        (~np.isin(_last_visible(points, kinds, segments.starts, segments.ends), CLOSING)).astype(np.float64),
        context.per_character(np.isin(points, PUNCTUATION)) / np.maximum(context.word_counts, 1.0),
        np.log1p(context.per_character(points == ord("!"))),
        np.log1p(context.per_character(kinds == Kind.EMOJI)),
        context.per_character(kinds == Kind.DIGIT) / np.maximum(segments.ends - segments.starts, 1),
        np.log1p(context.word_counts),
        (context.word_counts < SHORT).astype(np.float64),
    ]


def _starts_lower(context: Context, upper: Flags) -> Flags:
    """Tell which segments start with a plain small letter."""
    words, folded = context.parsed.words, context.parsed.folded
    result = np.zeros(context.count, np.bool_)
    if len(words):
        first = np.flatnonzero(np.diff(words.segments, prepend=-1))
        at = words.starts[first]
        result[words.segments[first]] = (folded.kinds[at] == Kind.LATIN) & ~upper[at] & ((folded.marks[at] & Mark.STYLED.value) == 0)
    return result


def _last_visible(
    points: NDArray[np.uint32], kinds: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint32]:
    """Return each segment's last character that is neither blank nor emoji."""
    visible = (kinds != Kind.SPACE) & (kinds != Kind.EMOJI) & (kinds != Kind.LINE_END)
    last = np.maximum.accumulate(np.where(visible, np.arange(len(points)), -1))
    return np.asarray(points[np.maximum(last[ends - 1], starts)])
