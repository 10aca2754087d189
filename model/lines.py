"""Splitting a text into lines, and taking spans out of it again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from model.types import Line, Span

LINE_END = re.compile("\r\n|[\n\r\u2028\u2029]")
_LINE_ENDS = ("\n", "\r", "\u2028", "\u2029")


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


def remove_spans(text: str, spans: Iterable[Span], lines: Iterable[Line] | None = None) -> str:
    """Return `text` without `spans`.

    A line that a removal leaves empty goes together with its line end, and so does one of the two blank lines that
    it stood between. White space left dangling by a removal goes too. Lines without a span stay as they are, byte
    for byte.

    Parameters
    ----------
    text : str
    spans : iterable of Span
        Sorted, without overlap; a span lies within one line.
    lines : iterable of Line, optional
        The lines that hold the spans, each once. Without them, they are looked for, which takes longer.
    """
    waiting = list(spans)
    ranges = _lines_of(text, waiting) if lines is None else ((line.start, line.end) for line in lines)
    kept: list[str] = []
    position = cursor = 0
    dropped = False  # the line just before was removed whole
    for start, end in ranges:
        if start > cursor:
            dropped = _keep_lines(kept, text[cursor:start], after_dropped=dropped)
        after = end + (2 if text.startswith("\r\n", end) else end < len(text))
        if position < len(waiting) and waiting[position] == (start, end):  # most lines that are injected are so as a whole
            position, cursor, dropped = position + 1, after, True
            continue
        pieces, cursor = [], start
        while position < len(waiting) and waiting[position].start < end:
            pieces.append(text[cursor : waiting[position].start])
            cursor = waiting[position].end
            position += 1
        pieces.append(text[cursor:end])
        content, cursor = _join(pieces), after
        dropped = not content.strip()
        if not dropped:
            kept.append(content + text[end:after])
    if _keep_lines(kept, text[cursor:], after_dropped=dropped):
        # The text ended with a removed line: the rest ends as the text did.
        _drop_blank_lines(kept)
        if kept and _line_end(text, len(text) - 1)[0] == len(text):
            kept[-1] = kept[-1][: _without_line_end(kept[-1])]
    return "".join(kept)


def _lines_of(text: str, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Return where the lines that hold `spans` start and end, without their line ends."""
    end = -1
    for span in spans:
        if span.start >= end:
            start = _line_start(text, max(end, 0), span.start)
            end = _line_end(text, span.start)[0]
            yield start, end


def _line_start(text: str, low: int, at: int) -> int:
    """Return the start of the line that holds offset `at`; `low` is the start of a line before."""
    start = max(low, text.rfind("\n", low, at) + 1)
    # The others are rare: they are looked for in what may be the line only, not in all of the text before.
    return max(start, text.rfind("\r", start, at) + 1, text.rfind("\u2028", start, at) + 1, text.rfind("\u2029", start, at) + 1)


def _line_end(text: str, at: int) -> tuple[int, int]:
    """Return where the line that holds offset `at` ends, without and with its line end."""
    match = LINE_END.search(text, at)
    return match.span() if match else (len(text), len(text))


def _keep_lines(kept: list[str], lines: str, *, after_dropped: bool) -> bool:
    """Keep `lines`, less blank ones at their start if a line before them was dropped and a blank one stands before that.

    Return whether nothing was kept since a line was dropped.
    """
    if not after_dropped or (lines and not lines[0].isspace()):
        kept.append(lines)
        return False
    start = 0
    while after_dropped and start < len(lines):
        after = _line_end(lines, start)[1]
        if lines[start:after].strip() or not (not kept or _ends_blank(kept[-1])):
            after_dropped = False
        else:
            start = after
    if start < len(lines):
        kept.append(lines[start:])
    return after_dropped


def _drop_blank_lines(kept: list[str]) -> None:
    """Drop blank lines from the end."""
    while kept and _ends_blank(kept[-1]):
        kept[-1] = kept[-1][: _last_line(kept[-1])]
        if not kept[-1]:
            kept.pop()


def _ends_blank(lines: str) -> bool:
    return not lines[_last_line(lines) :].strip()


def _last_line(lines: str) -> int:
    return _line_start(lines, 0, _without_line_end(lines))


def _without_line_end(lines: str) -> int:
    return len(lines) - (2 if lines.endswith("\r\n") else lines.endswith(_LINE_ENDS))


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
