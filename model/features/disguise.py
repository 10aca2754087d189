"""Disguises of letters: each trick that `model.normalise` read through, as evidence."""

from __future__ import annotations

import numpy as np

from model.features.context import Array, Context
from model.unicode_tables import Mark

TRICKS = {
    "styled": Mark.STYLED,
    "overlaid": Mark.OVERLAID,
    "hidden": Mark.HIDDEN,
    "lookalike": Mark.LOOKALIKE,
    "spelled_out": Mark.SPACED,
    "leet": Mark.LEET,
}
NAMES = (
    *TRICKS,  # number of words with the trick, log
    "disguised_share",  # share of words with any
)


def compute(context: Context) -> list[Array]:
    marks = context.parsed.folded.marks
    words = [context.in_words((marks & trick.value) > 0) for trick in TRICKS.values()]
    return [*(np.log1p(context.per_word(flags)) for flags in words), context.share_of_words(np.any(words, axis=0))]
