"""Parts of a line that could have been written by different hands: sentences and clauses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.normalise import Folded
from model.types import Line
from model.unicode_tables import Kind

# Where a new hand may take over: after a sentence, a clause with a colon or a bracket, and at the separators of
# titles and lists. A full stop after a single letter is an initial's. Runs are tried at their first character only: tried at
# every one, a long run would cost its square.
BOUNDARY = re.compile(
    r"""(?:(?<=\w\w)|(?<=[)%"'”’\]*]))[.:;]+(?:\s?["'”’)\]]+)?\s+"""
    r"""|(?<![!?…])[!?…]+(?:\s?["'”’)\]]+)?\s+"""
    r"""|[)\]]["'”’]*\s+"""
    r"""|\.{2,}\s*"""
    r"""|[。！？；]+["'”’」』]*\s*"""
    r"""|(?<![^\S\n])\s+[|•»·>]+\s+"""
)
LONGEST = 400  # characters; a longer part is cut at the next white space, or anywhere at twice this length
SHORTEST = 6  # letters and digits; a shorter part goes with the one before it


@dataclass(frozen=True)
class Segments:
    """Parts of a folded text, in order, as arrays of one entry a segment.

    Attributes
    ----------
    starts, ends : ndarray of int64
        Offsets in the folded text. Segments of one line touch; blank lines have none.
    lines : ndarray of int64
        The index, in the list of lines, of the line that holds the segment.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    lines: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)


def is_word(kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell the characters of words (letters and digits) from the others."""
    return (kinds >= Kind.LATIN) & (kinds <= Kind.DENSE)


def split_segments(folded: Folded, lines: Sequence[Line]) -> Segments:
    """Cut every line that holds a letter or digit into segments that together cover it."""
    word_count = np.concatenate(([0], np.cumsum(is_word(folded.kinds))))
    line_starts = np.searchsorted(folded.offsets, [line.start for line in lines])
    line_ends = np.searchsorted(folded.offsets, [line.end for line in lines])
    starts: list[int] = []
    ends: list[int] = []
    owners: list[int] = []
    text = folded.text
    for index, (start, end) in enumerate(zip(line_starts.tolist(), line_ends.tolist(), strict=True)):
        if word_count[end] == word_count[start]:
            continue
        previous = start
        for cut in _cuts(text, start, end):
            if word_count[cut] - word_count[previous] >= SHORTEST and word_count[end] - word_count[cut] >= SHORTEST:
                starts.append(previous)
                ends.append(cut)
                owners.append(index)
                previous = cut
        starts.append(previous)
        ends.append(end)
        owners.append(index)
    return Segments(np.array(starts, np.int64), np.array(ends, np.int64), np.array(owners, np.int64))


def _cuts(text: str, start: int, end: int) -> list[int]:
    cuts: list[int] = []
    previous = start
    for match in BOUNDARY.finditer(text, start, end):
        cuts.extend(_forced(text, previous, match.end()))
        cuts.append(match.end())
        previous = match.end()
    cuts.extend(_forced(text, previous, end))
    return cuts


def _forced(text: str, start: int, end: int) -> list[int]:
    """Cut a stretch without a boundary, so that no part is much longer than `LONGEST`."""
    cuts: list[int] = []
    while end - start > 2 * LONGEST:
        blank = text.find(" ", start + LONGEST, start + 2 * LONGEST)
        start = blank + 1 if blank >= 0 else start + 2 * LONGEST
        cuts.append(start)
    return cuts
