"""Whether the words are those of ordinary text."""

from __future__ import annotations

import numpy as np

from model.features.context import Array, Context

NAMES = (
    "unknown_words",  # share of words that training never saw in clean text
    "known_words",  # number of the others, log
)


def compute(context: Context) -> list[Array]:
    size = np.uint64(len(context.known))
    known = context.known[(context.parsed.words.hashes % size).astype(np.int64)]
    return [context.share_of_words(~known), np.log1p(context.per_word(known))]
