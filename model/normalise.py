"""Reading through disguises: a text folded to plain lower-case characters, with a way back to its offsets.

What was folded is kept as marks, because in an article the disguise itself is evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.lookalikes import LEET
from model.unicode_tables import SIZE, UNKNOWN, Kind, Mark, tables

# A word spelled out: single letters or digits with one and the same separator between them, three times or more.
SPELLED_OUT = re.compile(r"(?<![^\W_])[a-z0-9]( {1,2}|[^\w\s]{1,2})[a-z0-9](?:\1[a-z0-9]){2,}(?![^\W_])")
# A word with digits or signs between its letters.
# The ending of `visi4d` is a number and no disguise. No word is longer than 40 characters: without that bound, a long run of
# exclamation marks would cost its square.
LEET_WORD = re.compile(
    r"(?<![^\W_])(?=[a-z0-9@$!]{0,40}[a-z][0134578@$!]{1,40}(?!d(?![a-z0-9]))[a-z])[a-z0134578@$!]{3,40}?"
    r"(?=[0-9]{2,}|[2-6]d(?![a-z0-9])|[^a-z0-9@$!]|$)"
)
_LEET = str.maketrans(LEET)
_HANGUL_CUT = 0x10000  # U+1D400–1D7FF less this: mathematical letters that were stored in 16 bits


@dataclass(frozen=True)
class Folded:
    """A folded text. The arrays have one entry a kept character.

    Attributes
    ----------
    text : str
        Plain lower-case characters; every line end is ``\\n``, every other white space one blank.
    offsets : ndarray of int64, shape (len(text) + 1,)
        Where each character stood in the submitted text; the last entry is the length of that text.
    kinds, marks : ndarray of uint8, shape (len(text),)
        `Kind` values and `Mark` flags.
    """

    text: str
    offsets: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    marks: NDArray[np.uint8]

    @cached_property
    def points(self) -> NDArray[np.uint32]:
        return _points(self.text)


def _points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _text(points: NDArray[np.uint32]) -> str:
    return points.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def fold(text: str) -> Folded:
    """Fold `text`; time and memory grow linearly with its length."""
    table = tables()
    raw = _points(text)
    inside = np.minimum(raw, SIZE - 1)
    folded = np.where(raw < SIZE, table.fold[inside], np.uint32(UNKNOWN))
    marks = table.mark[inside]
    offsets = np.arange(len(raw) + 1, dtype=np.int64)
    if not text.isascii():
        _restore_cut_letters(raw, folded, marks)
        keep = folded != 0
        if not keep.all():
            _mark_dropped(inside, keep, marks)
            folded, marks = folded[keep], marks[keep]
            offsets = np.append(offsets[:-1][keep], len(raw))
    folded = folded.astype(np.uint32)
    kinds = table.kind[np.minimum(folded, SIZE - 1)]
    folded[kinds == Kind.SPACE] = ord(" ")
    folded[kinds == Kind.LINE_END] = ord("\n")
    if not text.isascii():
        _read_lookalikes(folded, kinds, marks)
    return _read_spelled_and_leet(folded, offsets, kinds, marks)


def _restore_cut_letters(raw: NDArray[np.uint32], folded: NDArray[np.uint32], marks: NDArray[np.uint8]) -> None:
    """Fold 헣헨헟 back to pul, unless the text holds Hangul that no mathematical letter could have become."""
    cut = (raw >= 0xD400) & (raw <= 0xD7FF)
    if not cut.any() or ((raw >= 0xAC00) & (raw < 0xD400)).any():
        return
    table = tables()
    restored = raw[cut] + _HANGUL_CUT
    folded[cut] = table.fold[restored]
    marks[cut] = table.mark[restored]


def _mark_dropped(inside: NDArray[np.uint32], keep: NDArray[np.bool_], marks: NDArray[np.uint8]) -> None:
    """Hand the evidence of dropped characters to the kept one before (ornaments) or after (invisible ones)."""
    table = tables()
    before = np.maximum.accumulate(np.where(keep, np.arange(len(keep)), -1))
    overlaid = before[table.overlay[inside] & ~keep]
    overlaid = overlaid[overlaid >= 0]
    kinds = table.kind[inside]
    marks[overlaid[np.isin(kinds[overlaid], (Kind.LATIN, Kind.DIGIT))]] |= Mark.OVERLAID.value
    hidden = np.flatnonzero(table.hidden[inside] & ~keep)
    after = np.searchsorted(np.flatnonzero(keep), hidden)
    kept = np.flatnonzero(keep)
    inner = (after < len(kept)) & (before[hidden] >= 0)
    hidden, after = hidden[inner], kept[after[inner]]
    within = np.isin(kinds[before[hidden]], (Kind.LATIN, Kind.DIGIT)) & np.isin(kinds[after], (Kind.LATIN, Kind.DIGIT))
    marks[after[within]] |= Mark.HIDDEN.value


def _read_lookalikes(folded: NDArray[np.uint32], kinds: NDArray[np.uint8], marks: NDArray[np.uint8]) -> None:
    """Fold Cyrillic, Greek and the like to Latin in words that mix them, and in whole words of a Latin text."""
    table = tables()
    like = table.lookalike[np.minimum(folded, SIZE - 1)]
    if not like.any():
        return
    # FOLDED letters are lower case, so is the table's key for them; capitals that differ in likeness are in both.
    is_word = (kinds >= Kind.LATIN) & (kinds <= Kind.DENSE)
    is_word |= like != 0
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_word, [False])).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    latin = _count(kinds == Kind.LATIN, starts, ends)
    others = _count((kinds == Kind.LETTER) | ((kinds != Kind.LATIN) & (kinds != Kind.DIGIT) & (like != 0)), starts, ends)
    alike = _count(like != 0, starts, ends)
    mostly_latin = latin.sum() > 4 * others.sum()
    disguised = (alike > 0) & ((latin > 0) | (mostly_latin & (alike == others) & (others > 1)))
    for start, end in zip(starts[disguised], ends[disguised], strict=True):
        here = np.flatnonzero(like[start:end]) + start
        folded[here] = like[here]
        kinds[here] = Kind.LATIN
        marks[here] |= Mark.LOOKALIKE.value


def _count(flags: NDArray[np.bool_], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.int64]:
    total = np.concatenate(([0], np.cumsum(flags)))
    return total[ends] - total[starts]


def _read_spelled_and_leet(
    folded: NDArray[np.uint32], offsets: NDArray[np.int64], kinds: NDArray[np.uint8], marks: NDArray[np.uint8]
) -> Folded:
    text = _text(folded)
    drop: list[int] = []
    for match in SPELLED_OUT.finditer(text):
        if sum(character.isalpha() for character in match[0]) < 3:
            continue
        marks[match.start() : match.end()] |= Mark.SPACED.value
        step = 1 + len(match[1])
        drop.extend(i for i in range(match.start(), match.end()) if (i - match.start()) % step)
    if drop:
        keep = np.ones(len(folded), np.bool_)
        keep[drop] = False
        offsets = np.append(offsets[:-1][keep], offsets[-1])
        folded, kinds, marks = folded[keep], kinds[keep], marks[keep]
        text = _text(folded)
    leet = [(match.start(), match.end()) for match in LEET_WORD.finditer(text)]
    if leet:
        for start, end in leet:
            plain = _points(text[start:end].translate(_LEET))
            changed = np.flatnonzero(plain != folded[start:end]) + start
            folded[changed] = plain[changed - start]
            kinds[changed] = Kind.LATIN
            marks[changed] |= Mark.LEET.value
        text = _text(folded)
    return Folded(text, offsets, kinds, marks)
