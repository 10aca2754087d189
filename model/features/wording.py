"""How much the wording of the segment, of its parts and of its line is that of an advertisement."""

from __future__ import annotations

import numpy as np

from model.features.context import Array, Context

NAMES = (
    "wording",  # log odds of the segment's n-grams
    "wording_line",  # of its line's, where that is higher: an honest start of a line excuses nothing
    "wording_peak",  # of the most suspicious three words in a row
    "wording_word",  # of the most suspicious word
)
NOTHING = -4.0  # log odds where there is no text


def compute(context: Context) -> list[Array]:
    return [context.margins, np.maximum(context.margins, context.line_margins[context.line_of]), _peak(context, 3), _peak(context, 1)]


def _peak(context: Context, width: int) -> Array:
    """Return each segment's highest log odds over at most `width` neighbouring words."""
    word_sums, word_counts, owner = context.scores.word_sums, context.scores.word_counts, context.owner
    peak = np.full(context.count, NOTHING)
    sums, counts = word_sums, word_counts
    for length in range(1, width + 1):
        if len(word_sums) < length:
            break
        if length > 1:
            sums = sums[:-1] + word_sums[length - 1 :]
            counts = counts[:-1] + word_counts[length - 1 :]
        first, last = owner[: len(sums)], owner[length - 1 :]
        within = first == last
        np.maximum.at(peak, first[within], context.margin(sums[within], counts[within]))
    return peak
