"""Splitting a text into lines, and taking spans out of it again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from model.types import Line, Span

LINE_END = re.compile("\r\n|[\n\r\u2028\u2029]")


def split_lines(text: str) -> list[Line]:
    """Return every line of `text`, blank ones too, with code point offsets. An empty text has no line.

    A line end at the very end of the text ends the last line and starts no other, as in ``str.splitlines``; unlike
    there, form feeds and other controls are no line ends.
    """
    lines: list[Line] = []
    start = 0
    for match in LINE_END.finditer(text):
        lines.append(Line(len(lines) + 1, start, match.start(), text[start : match.start()]))
        start = match.end()
    if start < len(text):
        lines.append(Line(len(lines) + 1, start, len(text), text[start:]))
    return lines


def remove_spans(text: str, spans: Iterable[Span]) -> str:
    """Return `text` without `spans`.

    A line that a removal leaves empty goes together with its line end, and so does one of the two blank lines that
    it stood between. White space left dangling by a removal goes too. Lines without a span stay as they are, byte
    for byte.

    Parameters
    ----------
    text : str
    spans : iterable of Span
        Sorted, without overlap; a span lies within one line.
    """
    waiting = list(spans)
    if not waiting:
        return text
    kept: list[tuple[str, str]] = []  # (content, line end)
    ends = [match.span() for match in LINE_END.finditer(text)]
    if not ends or ends[-1][1] < len(text):
        ends.append((len(text), len(text)))
    start = position = 0
    dropped = False  # the line just before was removed whole
    for end, after in ends:
        pieces, cursor, touched = [], start, False
        while position < len(waiting) and waiting[position].start < end:
            span = waiting[position]
            pieces.append(text[cursor : span.start])
            cursor, touched = span.end, True
            position += 1
        pieces.append(text[cursor:end])
        content = _join(pieces) if touched else pieces[0]
        line_end, start = text[end:after], after
        if touched and not content.strip():
            dropped = True
            continue
        blank_before = not kept or not kept[-1][0].strip()
        if dropped and not content.strip() and blank_before:
            continue
        dropped = False
        kept.append((content, line_end))
    if dropped and kept:
        # The text ended with a removed line: the rest ends as the text did.
        while kept and not kept[-1][0].strip():
            kept.pop()
        if kept and not _ends_with_line_end(text):
            kept[-1] = (kept[-1][0], "")
    return "".join(content + line_end for content, line_end in kept)


def _join(pieces: list[str]) -> str:
    """Join what is left around removed spans with at most one white space between."""
    result = pieces[0]
    for piece in pieces[1:]:
        if not piece.strip():
            piece = ""
        if not result or result[-1].isspace():
            piece = piece.lstrip()
        elif result and piece and not result[-1].isspace() and not piece[0].isspace() and piece[0].isalnum():
            piece = " " + piece
        result += piece
    return result.rstrip() if not pieces[-1].strip() else result


def _ends_with_line_end(text: str) -> bool:
    return bool(text) and LINE_END.fullmatch(text[-1]) is not None
