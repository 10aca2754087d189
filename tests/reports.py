"""Reports as a model would make them, on texts of our own: lines that hold a word are flagged."""

from __future__ import annotations

from datetime import UTC, datetime

from model import Article, ModelInfo, Reason, Report, Span, Verdict
from model.lines import split_lines
from service.store.arrivals import Arrival, arrive


def report(text: str, id: str | None = None, url: str | None = None, *, version: str = "1", **scores: float) -> Report:
    """Return a report that flags the lines in which a key of `scores` occurs, with its score, and marks that word."""
    verdicts = []
    for line in split_lines(text):
        for word, score in scores.items():
            if word in line.text:
                start = line.start + line.text.index(word)
                span = Span(start, start + len(word))
                verdicts.append(Verdict(line, "gambling", score, (span,), (Reason("brand", f"names {word}", span),)))
                break
    best = max((verdict.score for verdict in verdicts), default=0.0)
    return Report(
        Article(text, id, url), bool(verdicts), best, 0.5, text.count("\n") + 1, tuple(verdicts), text, ModelInfo("test", version)
    )


def arrival(day: int, text: str, id: str | None = None, url: str | None = None, *, version: str = "1", **scores: float) -> Arrival:
    """Return what arrives when that report is made at noon of a day of November 2026."""
    return arrive(report(text, id, url, version=version, **scores), datetime(2026, 11, day, 12, tzinfo=UTC))
