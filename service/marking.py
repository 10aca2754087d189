"""Lines cut into marked and plain pieces, for whatever shows them to a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from model import Line, Report, Verdict
from model.lines import split_lines


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line; ``marked`` if it was injected."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line in pieces that together are its text, with its verdict if it was flagged."""

    line: Line
    pieces: tuple[Piece, ...]
    verdict: Verdict | None


def mark_all(report: Report) -> list[MarkedLine]:
    """Return every line of the article."""
    verdicts = {verdict.line.number: verdict for verdict in report.verdicts}
    return [mark_line(line, verdicts.get(line.number)) for line in split_lines(report.article.text)]


def mark_surroundings(report: Report, around: int = 2) -> list[list[MarkedLine]]:
    """Return the flagged lines in their surroundings, as `cut_runs` does."""
    return cut_runs(mark_all(report), around)


def cut_runs(lines: Iterable[MarkedLine], around: int = 2) -> list[list[MarkedLine]]:
    """Return the flagged lines with up to `around` lines that are not blank on either side, in runs that touch."""
    lines = [line for line in lines if line.line.text.strip()]
    flagged = [index for index, line in enumerate(lines) if line.verdict]
    wanted = sorted({index for at in flagged for index in range(max(0, at - around), min(len(lines), at + around + 1))})
    runs: list[list[MarkedLine]] = []
    for position, index in enumerate(wanted):
        if position == 0 or index != wanted[position - 1] + 1:
            runs.append([])
        runs[-1].append(lines[index])
    return runs


def mark_line(line: Line, verdict: Verdict | None) -> MarkedLine:
    """Return the line in pieces; without a verdict it is one plain piece."""
    pieces: list[Piece] = []
    position = line.start
    for start, end in verdict.spans if verdict else ():
        pieces.append(Piece(line.text[position - line.start : start - line.start], marked=False))
        pieces.append(Piece(line.text[start - line.start : end - line.start], marked=True))
        position = end
    pieces.append(Piece(line.text[position - line.start :], marked=False))
    return MarkedLine(line, tuple(piece for piece in pieces if piece.text), verdict)
