"""What every character folds to, and what kind of character it is, as arrays indexed by code point.

The arrays come from the Unicode database of Python. They are kept in a file, because to make them takes longer than a service may
take to start, and because a model must read a text the same way under every version of that database.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum, IntFlag
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.lookalikes import FOREIGN, LIVING

SIZE = 0x20000  # the planes that hold letters of living scripts, styled letters and emoji
UNKNOWN = 0xFFFD  # what every other code point folds to
FILE = Path(__file__).with_suffix(".npz")


class Kind(IntEnum):
    """What a character is, once folded."""

    OTHER = 0
    SPACE = 1
    LATIN = 2
    DIGIT = 3
    LETTER = 4  # of a script with spaces between its words, Latin apart
    DENSE = 5  # of a script without them, or of Hangul
    EMOJI = 6
    LINE_END = 7


class Mark(IntFlag):
    """How a character was disguised."""

    STYLED = 1  # a styled letter or digit: 𝐀 Ａ Ⓐ 🅰 🇦 ᴀ Ꭺ 7️⃣
    OVERLAID = 2  # carries a combining stroke, line or ornament: P̶ U͟ L͓̽
    HIDDEN = 4  # stands after an invisible character within a word
    LOOKALIKE = 8  # a letter of another living script in a Latin word
    SPACED = 16  # of a word that was spelled out: P U L A U
    LEET = 32  # a digit or sign for a letter: g4c0r
    UPPER = 64  # plain capitals; no disguise


class Tables(NamedTuple):
    """``fold`` gives the folded code point (0: the character is dropped), ``kind`` a `Kind`, ``mark`` `Mark` flags.

    ``alnum`` and ``space`` tell what ``str.isalnum`` and ``str.isspace`` say.
    """

    fold: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    mark: NDArray[np.uint8]
    overlay: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    lookalike: NDArray[np.uint32]
    alnum: NDArray[np.bool_]
    space: NDArray[np.bool_]


# Combining marks of honest orthographies; the others in those blocks are ornaments.
_ACCENTS = frozenset((*range(0x300, 0x305), *range(0x306, 0x30D), 0x31B, 0x323, 0x324, 0x326, 0x327, 0x328, 0x32E, 0x331))
_MARK_BLOCKS = ((0x300, 0x36F), (0x483, 0x489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))
_INVISIBLE = (0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
_SELECTORS = tuple(range(0xFE00, 0xFE10))
_NAMED_LETTER = re.compile(
    r"(?:NEGATIVE |CROSSED NEGATIVE )?(?:CIRCLED|SQUARED|PARENTHESIZED) LATIN (?:CAPITAL|SMALL) LETTER ([A-Z])"
    r"|REGIONAL INDICATOR SYMBOL LETTER ([A-Z])"
    r"|LATIN LETTER SMALL CAPITAL (?:INVERTED |REVERSED |BARRED |TURNED )?([A-Z])"
    r"|LATIN SMALL LETTER (?:TURNED|REVERSED|SIDEWAYS) (?:OPEN )?([A-Z])"
)
_NAMED_DIGIT = re.compile(r"(?:DINGBAT )?(?:NEGATIVE |DOUBLE )?CIRCLED (?:SANS-SERIF )?DIGIT (\w+)")
_DIGIT_NAMES = {
    name: str(value) for value, name in enumerate(["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"])
}
_STYLES = ("font", "wide", "circle", "square", "super", "sub")
_HONEST_SYMBOLS = "ªº²³¹™℠ℓ℃℉№"
_DENSE = re.compile(r"CJK|HIRAGANA|KATAKANA|HANGUL|THAI|LAO|KHMER|MYANMAR")
# Ideographs, Hangul and ancient scripts that nothing folds: known without a look at each.
_PLAIN_BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x12000, 0x16FFF), (0x17000, 0x1CEFF))
_EMOJI_BLOCKS = ((0x2190, 0x21FF), (0x2300, 0x27BF), (0x2900, 0x297F), (0x2B00, 0x2BFF), (0x3030, 0x303D), (0x1F000, 0x1FBFF))


def _folded(character: str) -> str:
    """Return the one plain character that `character` stands for, lower case."""
    if character in FOREIGN:
        return FOREIGN[character]
    plain = unicodedata.normalize("NFKD", character.lower())
    if len(plain) > 1 and plain[0] == "(":  # ⒜
        plain = plain[1:]
    base = plain[:1].lower() or character
    return {"ı": "i", "đ": "d", "ø": "o", "ł": "l", "ħ": "h", "ß": "s", "ŧ": "t", "æ": "a", "œ": "o", "ð": "d", "þ": "b"}.get(base, base)


def _kind(character: str) -> Kind:
    category = unicodedata.category(character)
    if character in "\n\r\u2028\u2029":
        return Kind.LINE_END
    if category == "Zs" or character in "\t\v\f\x85":
        return Kind.SPACE
    if "a" <= character <= "z":
        return Kind.LATIN
    if category == "Nd" or category == "No":
        return Kind.DIGIT
    if category[0] in "LM":
        return Kind.DENSE if _DENSE.match(unicodedata.name(character, "")) else Kind.LETTER
    if any(low <= ord(character) <= high for low, high in _EMOJI_BLOCKS):
        return Kind.EMOJI
    return Kind.OTHER


def _read(character: str) -> tuple[str, bool]:
    """Return what `character` stands for, and whether to write it so is a disguise: 𝐞 and ｆ are one, é and ﬁ are not."""
    if ord(character) < 128:
        return character.lower(), False
    category = unicodedata.category(character)
    if category[0] not in "LNS":
        return character, False
    name = unicodedata.name(character, "")
    letter, digit = _NAMED_LETTER.fullmatch(name), _NAMED_DIGIT.fullmatch(name)
    if letter:
        return next(group for group in letter.groups() if group).lower(), True
    if digit and digit[1] in _DIGIT_NAMES:
        return _DIGIT_NAMES[digit[1]], True
    if category[0] == "S" and character not in FOREIGN and "LETTER" not in name:
        return character, False
    plain = _folded(character)
    tag = unicodedata.decomposition(character).partition(">")[0].lstrip("<")
    styled = character in FOREIGN or (tag in _STYLES and character not in _HONEST_SYMBOLS)
    return plain, styled and plain != character and plain.isascii() and plain.isalnum()


@cache
def tables() -> Tables:
    """Load the tables, once a process."""
    with np.load(FILE, allow_pickle=False) as file:
        return Tables(*(file[name] for name in Tables._fields))


def build_tables() -> Tables:
    """Build the tables from the Unicode database of the running Python."""
    fold = np.arange(SIZE, dtype=np.uint32)
    kind = np.zeros(SIZE, np.uint8)
    mark = np.zeros(SIZE, np.uint8)
    looked_at = np.ones(SIZE, np.bool_)
    for low, high in _PLAIN_BLOCKS:
        kind[low : high + 1] = Kind.DENSE
        looked_at[low : high + 1] = False
    for point in np.flatnonzero(looked_at).tolist():
        character = chr(point)
        category = unicodedata.category(character)
        if category in ("Cn", "Co", "Cs"):
            continue
        plain, styled = _read(character)
        fold[point] = ord(plain) if ord(plain) < SIZE else UNKNOWN
        kind[point] = _kind(plain)
        mark[point] = Mark.STYLED if styled else Mark.UPPER if category == "Lu" else 0
    lookalike = np.zeros(SIZE, np.uint32)
    for character, plain in LIVING.items():
        lookalike[ord(character)] = ord(plain)
    alnum = np.array([chr(point).isalnum() for point in range(SIZE)])
    space = np.array([chr(point).isspace() for point in range(SIZE)])
    return Tables(fold, kind, mark, *_dropped(fold), lookalike, alnum, space)


def _dropped(fold: NDArray[np.uint32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Let combining marks and invisible characters fold to nothing; return which are ornaments, which invisible."""
    overlay, hidden = np.zeros(SIZE, np.bool_), np.zeros(SIZE, np.bool_)
    for low, high in _MARK_BLOCKS:
        fold[low : high + 1] = 0
        overlay[low : high + 1] = True
    overlay[list(_ACCENTS)] = False
    fold[[*_INVISIBLE, *_SELECTORS]] = 0
    hidden[list(_INVISIBLE)] = True
    return overlay, hidden


def write_tables() -> None:
    """Build the tables and keep them in the file that `tables` loads."""
    np.savez_compressed(FILE, allow_pickle=False, **build_tables()._asdict())
