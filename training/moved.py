"""Which words the wording stage of two models sees differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.arrays import group_sums
from model.classifier import Classifier
from model.wording import margin
from training.blocks import parse_blocks

MOST_TEXTS = 20_000


@dataclass(frozen=True, slots=True)
class Moved:
    """A word with the log odds that its n-grams by themselves add in either model; above 0 speaks for injection."""

    word: str
    champion: float
    challenger: float


def moved_words(champion: Classifier, challenger: Classifier, texts: Sequence[str], most: int = 15) -> tuple[list[Moved], list[Moved]]:
    """Return the words of `texts` that rose most, and those that fell most.

    Weights belong to hashed n-grams, which no one can read; a word is the smallest part that one can. Of many texts, those that are
    spread evenly over the list are looked at.
    """
    chosen = texts[:: max(1, len(texts) // MOST_TEXTS)]
    names, old = _words(champion, chosen)
    _, new = _words(challenger, chosen)
    difference = new - old
    order = np.argsort(difference, kind="stable")
    words = [Moved(names[i], round(float(old[i]), 2), round(float(new[i]), 2)) for i in (*order[:most], *order[len(order) - most :][::-1])]
    risen = [word for word in words[most:] if word.challenger > word.champion]
    return risen, [word for word in words[:most] if word.challenger < word.champion]


def _words(classifier: Classifier, texts: Sequence[str]) -> tuple[list[str], NDArray[np.float64]]:
    """Return every word of `texts` once, in order, with the log odds that its n-grams add on average."""
    weights = classifier.parameters
    total: dict[str, float] = {}
    count: dict[str, int] = {}
    for block in parse_blocks(texts, weights.bits):
        words, grams = block.parsed.words, block.parsed.grams
        sums = group_sums(grams.words, len(words), weights.unpacked[0][grams.buckets] * weights.scale)
        odds = margin(sums, group_sums(grams.words, len(words)), 0.0)
        text = block.parsed.folded.text
        for start, end, value in zip(words.starts.tolist(), words.ends.tolist(), odds.tolist(), strict=True):
            word = text[start:end]
            total[word], count[word] = total.get(word, 0.0) + value, count.get(word, 0) + 1
    return list(total), np.array(list(total.values()), np.float64) / np.array(list(count.values()), np.float64)
