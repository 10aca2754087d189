"""A text taken apart once: folded characters, lines, segments, words and n-grams."""

from __future__ import annotations

from dataclasses import dataclass

from model.lines import split_lines
from model.ngrams import Grams, Words, extract_grams, find_words
from model.normalise import Folded, fold
from model.segments import Segments, split_segments
from model.types import Line


@dataclass(frozen=True)
class Parsed:
    """Everything about a text that does not depend on weights."""

    text: str
    lines: list[Line]
    folded: Folded
    segments: Segments
    words: Words
    grams: Grams


def parse(text: str, bits: int) -> Parsed:
    """Take `text` apart; n-grams fall into ``2 ** bits`` buckets."""
    lines = split_lines(text)
    folded = fold(text)
    segments = split_segments(folded, lines)
    words = find_words(folded, segments)
    return Parsed(text, lines, folded, segments, words, extract_grams(folded, words, bits))


def is_alone(parsed: Parsed) -> bool:
    """Tell whether at most one line holds words."""
    lines = parsed.segments.lines
    return len(lines) == 0 or bool(lines[0] == lines[-1])
