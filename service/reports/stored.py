"""The page that one sends around, of what a store keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from service.marking import MarkedLine, cut_runs
from service.reports.judged import Judged
from service.reports.page import render
from service.reports.periods import Period
from service.review.desk import ArticleLine, ArticlePage, Desk, GoneError
from service.review.filters import Filters

CLEAN = "clean"


def render_stored(desk: Desk, period: Period, most: int) -> str:
    """Return the page of a period, with at most `most` of its articles; lines that reviewers rejected are not marked in them."""
    sections = []
    for article in _articles(desk, period):
        if len(sections) == most:
            break
        judged = _judged(article)
        if judged.verdicts:
            sections.append(judged)
    return render(desk.figures(period), sections, sorted({section.version for section in sections}), period=period)


def _articles(desk: Desk, period: Period) -> Iterator[ArticlePage]:
    seen: set[int] = set()
    filters = Filters(state="all", since=period.since, until=period.until)
    at: str | None = None
    while True:
        page = desk.queue(filters, "", at)
        for card in page.cards:
            if card.article_id in seen:
                continue
            seen.add(card.article_id)
            try:
                yield desk.article(card.article_id)
            except GoneError:
                continue  # purged meanwhile
        if page.next is None:
            return
        at = page.next


def _judged(article: ArticlePage) -> Judged:
    lines = [_line(line) for line in article.lines]
    return Judged(
        source=article.title,
        id=article.title,
        url=article.url,
        day=article.seen.date(),
        version=article.version,
        line_count=len(lines),
        verdicts=tuple(line.verdict for line in lines if line.verdict),
        runs=cut_runs(lines),
    )


def _line(line: ArticleLine) -> MarkedLine:
    marked = line.marked
    if line.decision is None or marked.verdict is None:
        return marked
    if line.decision.label == CLEAN:
        return MarkedLine(marked.line, tuple(replace(piece, marked=False) for piece in marked.pieces), None)
    return replace(marked, verdict=replace(marked.verdict, label=line.decision.label))
