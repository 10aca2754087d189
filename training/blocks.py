"""Taking many short texts apart at once: a call for each would cost more than the work in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model.lines import LINE_END
from model.normalise import fold
from model.parse import Parsed, parse

BLOCK = 1_000  # texts
LONG = 400  # characters; longer texts are taken apart one by one
# Scripts without letters that are read by what else a text holds, as Cyrillic look-alikes and Hangul are.
_INDEPENDENT = re.compile(
    "[\\x00-\\x7f\\xa0-\\xb4\\xb6-\\u024f\\u0300-\\u036f\\u0e00-\\u0eff\\u1e00-\\u1eff\\u2010-\\u2027\\u202a-\\u206f\\u20a0-\\u20bf\\u2190-\\u2bff"
    "\\u3000-\\u30ff\\u3400-\\u9fff\\ufe0f\\U0001f000-\\U0001faff]*"
)


@dataclass(frozen=True)
class Block:
    """Some texts parsed as one, each a line of it: line ``i`` is the text ``members[i]``; or one text by itself."""

    parsed: Parsed
    members: list[int]


def parse_blocks(texts: Sequence[str], bits: int) -> Iterator[Block]:
    """Yield every text parsed, in blocks of lines that cannot influence one another; the others by themselves.

    What comes out for each text is what `parse` makes of it alone.
    """
    for start in range(0, len(texts), BLOCK):
        together, apart = _sort(texts, start)
        if together:
            yield Block(parse("\n".join(texts[index] for index in together), bits), together)
        for index in apart:
            yield Block(parse(texts[index], bits), [index])


def fold_texts(texts: Sequence[str]) -> Iterator[str]:
    """Yield every text as `fold` reads it, with single blanks, in order: two texts that say the same are equal."""
    for start in range(0, len(texts), BLOCK):
        together, apart = _sort(texts, start)
        folded = dict(zip(together, fold("\n".join(texts[index] for index in together)).text.split("\n"), strict=True) if together else ())
        folded.update((index, fold(texts[index]).text) for index in apart)
        for index in range(start, start + len(folded)):
            yield " ".join(folded[index].split())


def _sort(texts: Sequence[str], start: int) -> tuple[list[int], list[int]]:
    together: list[int] = []
    apart: list[int] = []
    for index in range(start, min(start + BLOCK, len(texts))):
        (together if _is_independent(texts[index]) else apart).append(index)
    return together, apart


def _is_independent(text: str) -> bool:
    """Tell whether a text is one line that reads the same in any company."""
    if not text.strip() or len(text) > LONG or LINE_END.search(text):
        return False
    return text.isascii() or _INDEPENDENT.fullmatch(text) is not None
