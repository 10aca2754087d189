"""Disguises of letters: each trick that `model.normalise` read through, as evidence."""

from __future__ import annotations

import numpy as np

from model.features.context import Array, Context, Flags
from model.unicode_tables import Kind, Mark

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
    "half_styled",  # words of styled and of plain letters, log
    "disguised_names",  # disguised words that end in digits, log
)


def compute(context: Context) -> list[Array]:
    marks = context.parsed.folded.marks
    words = [context.in_words((marks & trick.value) > 0) for trick in TRICKS.values()]
    disguised = np.any(words, axis=0)
    return [
        *(np.log1p(context.per_word(flags)) for flags in words),
        context.share_of_words(disguised),
        np.log1p(context.per_word(_half_styled(context, words[0]))),
        np.log1p(context.per_word(disguised & context.parsed.words.glued)),
    ]


def _half_styled(context: Context, styled: Flags) -> Flags:
    """Tell which words hold styled and plain letters: names glued to the next word, or letters of mixed alphabets."""
    folded = context.parsed.folded
    plain = (folded.kinds == Kind.LATIN) & ((folded.marks & Mark.STYLED.value) == 0)
    return styled & context.in_words(plain)
