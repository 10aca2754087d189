"""The second stage's view of a segment: its wording, its disguises and looks, its place and the company it keeps.

Each module computes one group of features; a feature is an array of one value a segment.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.features import company, disguise, looks, place, tokens, vocabulary, wording
from model.features.context import Array, Context, Known
from model.parse import Parsed
from model.wording import Wording

GROUPS = {
    "wording": wording.NAMES,
    "company": company.NAMES,
    "vocabulary": vocabulary.NAMES,
    "disguise": disguise.NAMES,
    "tokens": tokens.NAMES,
    "looks": looks.NAMES,
    "place": place.NAMES,
}
NAMES = tuple(name for names in GROUPS.values() for name in names)


def compute_features(parsed: Parsed, scores: Wording, topic: Wording, known: Known) -> NDArray[np.float32]:
    """Return the features of every segment, shape (n_segments, len(NAMES)).

    Parameters
    ----------
    scores, topic : Wording
        What the first stage says of injection, and of gambling as a topic.
    known : ndarray of bool
        Tells, for a word's hash modulo its length, whether training saw the word in clean text.
    """
    if len(parsed.segments) == 0:
        return np.zeros((0, len(NAMES)), np.float32)
    context = Context(parsed, scores, topic, known)
    columns: list[Array] = []
    for module in (wording, company, vocabulary, disguise, tokens, looks, place):
        columns.extend(module.compute(context))
    return np.stack(columns, axis=1).astype(np.float32)


__all__ = ["GROUPS", "NAMES", "compute_features"]
