"""What the groups of features share: counts by segment, computed once."""

from __future__ import annotations

import re
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.arrays import group_sums
from model.parse import Parsed
from model.wording import Wording

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Known = NDArray[np.bool_]


class Context:
    """A parsed text with its first-stage scores, and ways to count by segment."""

    def __init__(self, parsed: Parsed, scores: Wording, topic: Wording, known: Known) -> None:
        self.parsed = parsed
        self.scores = scores
        self.topic = topic
        self.known = known
        self.count = len(parsed.segments)
        self.owner = parsed.words.segments

    def margin(self, sums: Array, counts: Array) -> Array:
        """Return log odds from the first stage."""
        return self.scores.margin(sums, counts)

    @cached_property
    def margins(self) -> Array:
        return self.margin(self.scores.sums, self.scores.counts)

    @cached_property
    def line_of(self) -> NDArray[np.int64]:
        """For each segment, the rank of its line among the lines that hold words."""
        return np.unique(self.parsed.segments.lines, return_inverse=True)[1].astype(np.int64)

    @cached_property
    def line_count(self) -> int:
        return int(self.line_of[-1]) + 1

    @cached_property
    def line_margins(self) -> Array:
        sums = group_sums(self.line_of, self.line_count, self.scores.sums)
        return self.margin(sums, group_sums(self.line_of, self.line_count, self.scores.counts))

    @cached_property
    def line_topics(self) -> Array:
        """For each line, the log odds that it is about gambling."""
        sums = group_sums(self.line_of, self.line_count, self.topic.sums)
        return self.topic.margin(sums, group_sums(self.line_of, self.line_count, self.topic.counts))

    @cached_property
    def word_counts(self) -> Array:
        return self.per_word(np.ones(len(self.owner), np.bool_))

    def per_word(self, flags: Flags) -> Array:
        """Return how many words of each segment bear the flag."""
        return group_sums(self.owner[flags], self.count)

    def share_of_words(self, flags: Flags) -> Array:
        return np.asarray(self.per_word(flags) / np.maximum(self.word_counts, 1.0))

    def per_character(self, flags: Flags) -> Array:
        """Return how many characters of each segment bear the flag."""
        total = np.concatenate(([0], np.cumsum(flags)))
        segments = self.parsed.segments
        return (total[segments.ends] - total[segments.starts]).astype(np.float64)

    def in_words(self, flags: Flags) -> Flags:
        """Tell which words hold a character that bears the flag."""
        total = np.concatenate(([0], np.cumsum(flags)))
        return np.asarray(total[self.parsed.words.ends] > total[self.parsed.words.starts])

    def matches(self, pattern: re.Pattern[str]) -> Array:
        """Return how often the pattern occurs in each segment of the folded text."""
        at = np.array([match.start() for match in pattern.finditer(self.parsed.folded.text)], np.int64)
        where = np.searchsorted(self.parsed.segments.starts, at, side="right") - 1
        return group_sums(where[where >= 0], self.count)
