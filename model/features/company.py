"""The company that the segment keeps: its neighbours, the rest of the article, the words they share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.arrays import group_sums
from model.features.context import Array, Context, Flags
from model.features.wording import NOTHING
from model.unicode_tables import Kind

NAMES = (
    "wording_before",  # log odds of the segment before, of whatever line
    "wording_after",
    "wording_article",  # median over the article's lines
    "wording_others",  # highest of the other lines
    "excess",  # log odds above that median
    "topic",  # log odds that the segment is about gambling
    "topic_article",  # median over the article's lines: high in an article about gambling
    "topic_excess",
    "shared_words",  # share of the longer words that an innocent other line holds, too
    "shared_evidence",  # share of the suspicious weight that lies in such words
    "other_script",  # share of letters of a script that is rare in the article
)
LONG = 4  # characters from which on a word tells what an article is about


def compute(context: Context) -> list[Array]:
    margins, topics = context.margins, context.topic.margin(context.topic.sums, context.topic.counts)
    usual, usual_topic = np.median(context.line_margins), np.median(context.line_topics)
    innocent = context.line_margins <= max(float(usual), 0.0)
    shared = _in_other_lines(context.parsed.words.keys, context.line_of[context.owner], innocent)
    long_word = context.parsed.words.ends - context.parsed.words.starts >= LONG
    evidence = np.maximum(context.scores.word_sums, 0.0)
    total = group_sums(context.owner, context.count, evidence)
    return [
        np.concatenate(([NOTHING], margins[:-1])),
        np.concatenate((margins[1:], [NOTHING])),
        np.full(context.count, usual),
        _highest_of_others(context),
        margins - usual,
        topics,
        np.full(context.count, usual_topic),
        topics - usual_topic,
        context.per_word(shared & long_word) / np.maximum(context.per_word(long_word), 1.0),
        group_sums(context.owner, context.count, evidence * (shared & long_word)) / np.maximum(total, 1e-9),
        _other_script(context),
    ]


def _highest_of_others(context: Context) -> Array:
    lines = context.line_margins
    ordered = np.sort(lines)
    second = ordered[-2] if len(ordered) > 1 else NOTHING
    return np.where(lines == ordered[-1], second, ordered[-1])[context.line_of]


def _in_other_lines(keys: NDArray[np.uint32], lines: NDArray[np.int64], innocent: Flags) -> Flags:
    """Tell, for each word, whether another line holds it that looks innocent: injected lines are alike among themselves."""
    if len(keys) == 0:
        return np.zeros(0, np.bool_)
    _, number = np.unique(keys, return_inverse=True)
    first = np.full(number.max() + 1, lines.max() + 1)
    last = np.full(number.max() + 1, -1)
    vouches = innocent[lines]
    np.minimum.at(first, number[vouches], lines[vouches])
    np.maximum.at(last, number[vouches], lines[vouches])
    return np.asarray((last[number] >= 0) & ((first[number] != lines) | (last[number] != lines)))


def _other_script(context: Context) -> Array:
    kinds = context.parsed.folded.kinds
    letters = np.stack([context.per_character(kinds == kind) for kind in (Kind.LATIN, Kind.LETTER, Kind.DENSE)])
    rare = letters.sum(axis=1) < 0.3 * max(letters.sum(), 1.0)
    return np.asarray(letters[rare].sum(axis=0) / np.maximum(letters.sum(axis=0), 1.0))
