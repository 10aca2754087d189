"""What speaks most against a flagged line, and where it shows: the reference of what the kernel chooses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.features.disguise import TRICKS
from model.features.tokens import ENDING, LINK
from model.judged import GROUPS, POINTED, Evidence
from model.parse import Parsed
from model.types import Span
from model.wording import Wording

MOST = 3
NOWHERE = (-1, -1)


def choose(shares: Sequence[float], pointers: Sequence[Span | None], line_count: int) -> tuple[Evidence, ...]:
    """Return the evidence that weighs most, the weightiest first: at most `MOST` kinds, and at least one.

    A kind that can be pointed at counts only if it shows somewhere, and company only if there is any.

    Parameters
    ----------
    shares : sequence of float
        What each kind in `model.judged.GROUPS` added to the log odds.
    pointers : sequence of Span or None
        Where the kinds in `model.judged.POINTED` show.
    line_count : int
    """
    shows = {name: pointer or NOWHERE for name, pointer in zip(POINTED, pointers, strict=True)}
    unfit = {"place", *(name for name, where in shows.items() if where == NOWHERE), *(["company"] if line_count < 2 else [])}
    order = sorted([group for group, share in enumerate(shares) if share > 0], key=shares.__getitem__, reverse=True)
    found = [group for group in order if GROUPS[group] not in unfit][:MOST]
    if not found:
        found = [GROUPS.index("place" if "wording" in unfit else "wording")]
    return tuple((group, *shows.get(GROUPS[group], NOWHERE)) for group in found)


def point(parsed: Parsed, wording: Wording, segments: NDArray[np.int64]) -> tuple[Span | None, ...]:
    """Return, for every kind of evidence in `model.judged.POINTED`, where the given segments of one line show it."""
    start, end = int(parsed.segments.starts[segments[0]]), int(parsed.segments.ends[segments[-1]])
    text = parsed.folded.text
    links = [match.span() if match else None for match in (ENDING.search(text, start, end), LINK.search(text, start, end))]
    tricks = [_first_word(parsed, trick.value, start, end) for trick in TRICKS.values()]
    return tuple(_span(parsed, where) for where in (_best_stretch(parsed, wording, segments), *tricks, *links))


def _best_stretch(parsed: Parsed, wording: Wording, segments: NDArray[np.int64]) -> tuple[int, int] | None:
    """Return the stretch of words that adds most (the maximum subarray; J. Bentley, Programming Pearls, 1984)."""
    words = parsed.words
    best, best_range = 0.0, (0, 0)
    total, start, owner = 0.0, 0, -1
    first, last = np.searchsorted(words.segments, (segments[0], segments[-1] + 1)).tolist()
    for index in range(first, last):
        if total <= 0 or words.segments[index] != owner:
            total, start, owner = 0.0, index, int(words.segments[index])
        total += float(wording.word_sums[index])
        if total > best:
            best, best_range = total, (start, index)
    return (int(words.starts[best_range[0]]), int(words.ends[best_range[1]])) if best > 0 else None


def _first_word(parsed: Parsed, mark: int, start: int, end: int) -> tuple[int, int] | None:
    marked = np.flatnonzero(parsed.folded.marks[start:end] & mark) + start
    first, last = np.searchsorted(parsed.words.starts, (start, end)).tolist()
    for low, high in zip(parsed.words.starts[first:last].tolist(), parsed.words.ends[first:last].tolist(), strict=True):
        position = int(np.searchsorted(marked, low))
        if position < len(marked) and marked[position] < high:
            return low, high
    return None


def _span(parsed: Parsed, where: tuple[int, int] | None) -> Span | None:
    """Return a range of the folded text as one of the submitted text, with the marks that were folded away."""
    return None if where is None else Span(int(parsed.folded.offsets[where[0]]), int(parsed.folded.offsets[where[1]]))
