"""What the pages of reviewers ask of whatever keeps flagged lines, in their own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import current_app

from model import Line, Span
from service.marking import MarkedLine
from service.reports.figures import Figures
from service.reports.periods import Period
from service.review.filters import Filters


class GoneError(Exception):
    """A line, an article or a decision that is not there, or no longer."""


class ConflictError(Exception):
    """Somebody else was faster: the message says who and what, ``revision`` is what a second thought must name."""

    def __init__(self, message: str, revision: int) -> None:
        super().__init__(message)
        self.revision = revision


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer said of a line: its label, or ``clean``."""

    id: int
    label: str
    reviewer: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A flagged line with its surroundings; ``revision`` changes with every decision on it."""

    id: int
    revision: int
    article_id: int
    title: str
    site: str
    seen: datetime
    version: str
    line: MarkedLine
    before: tuple[Line, ...]
    after: tuple[Line, ...]
    label: str
    score: float
    reasons: tuple[str, ...]
    group_size: int = 1
    alike: tuple[str, ...] = ()
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some cards of a queue; ``total`` counts all of its lines, ``after`` and ``before`` lead on where there are more."""

    cards: tuple[Card, ...]
    total: int
    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A decision that was kept, with the number of lines that it decided."""

    decision: int
    lines: int
    revision: int


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """A line of an article; ``missed`` names who marked it if the model did not flag it."""

    marked: MarkedLine
    id: int | None = None
    revision: int = 0
    decision: Decision | None = None
    missed: str | None = None


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """A whole article."""

    id: int
    title: str
    url: str | None
    seen: datetime
    version: str
    lines: tuple[ArticleLine, ...]
    clean_text: str

    @property
    def flagged(self) -> int:
        return sum(line.marked.verdict is not None for line in self.lines)


class Desk(Protocol):
    """Keeps flagged lines and what people decided."""

    def queue(self, filters: Filters, reviewer: str, at: str | None) -> Page:
        """Return a page of the queue, most useful lines first; ``at`` is what an earlier page said leads on."""

    def decide(self, line: int, revision: int, label: str, span: Span | None, reviewer: str, *, alone: bool) -> Saved:
        """Keep a decision on a line and, unless ``alone``, on its near-duplicates.

        Raises
        ------
        GoneError
            If there is no such line.
        ConflictError
            If the line is no longer at that revision.
        """

    def undo(self, decision: int, reviewer: str) -> Saved:
        """Take a decision back: what was before it holds again. Raises as `decide` does."""

    def article(self, article: int) -> ArticlePage:
        """Return an article. Raises `GoneError`."""

    def mark_missed(self, article: int, line: int, span: Span | None, label: str, reviewer: str) -> Saved:
        """Keep that a line of an article, by its number, is injected though nothing was flagged there.

        Raises
        ------
        GoneError
            If there is no such article.
        ConflictError
            If somebody else marked that line.
        ValueError
            If there is no such line, or the part does not lie in it.
        """

    def figures(self, period: Period, view: str | None = None) -> Figures:
        """Count what was flagged within a period, for one view of the reports (what it does not show may be missing) or for all."""

    def versions(self) -> list[str]:
        """Return the model versions that flagged anything, newest first."""


def desk() -> Desk:
    """Return the desk of this application."""
    found: Desk = current_app.extensions["saring-desk"]
    return found
