"""What the store is told of one judged article, and the form in which it waits on disk."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from model import Article, Reason, Report, Span, Verdict
from model.lines import split_lines
from service.store.wording import digest


@dataclass(frozen=True, slots=True)
class Arrival:
    """One judged article; of one without a flag, no text is kept: ``article`` is None and ``verdicts`` is empty."""

    when: datetime
    model_version: str
    threshold: float
    line_count: int
    id_digest: str | None
    text_digest: str
    article: Article | None = None
    verdicts: tuple[Verdict, ...] = ()


def arrive(report: Report, when: datetime | None = None, *, keep: bool = False) -> Arrival:
    """Return what is kept of a report; with ``keep``, the article is kept even if nothing is flagged in it."""
    article = report.article
    return Arrival(
        when=when or datetime.now(UTC),
        model_version=report.model.version[:80],
        threshold=report.threshold,
        line_count=report.line_count,
        id_digest=None if article.id is None else digest("id", article.id),
        text_digest=digest("text", article.text),
        article=article if report.verdicts or keep else None,
        verdicts=report.verdicts,
    )


def pack(arrival: Arrival) -> str:
    """Return an arrival as JSON."""
    content: dict[str, Any] = {
        "when": arrival.when.isoformat(),
        "model": arrival.model_version,
        "threshold": arrival.threshold,
        "line_count": arrival.line_count,
        "id_digest": arrival.id_digest,
        "text_digest": arrival.text_digest,
    }
    if arrival.article is not None:
        article = arrival.article
        content["article"] = [article.text, article.id, article.url, article.lang]
        content["verdicts"] = [
            [v.line.number, v.label, v.score, v.spans, [[r.code, r.message, r.span] for r in v.reasons]] for v in arrival.verdicts
        ]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def unpack(packed: str) -> Arrival:
    """Return what `pack` was given.

    Raises
    ------
    ValueError, KeyError, TypeError, IndexError
        If it is something else.
    """
    content = json.loads(packed)
    article = Article(*content["article"]) if "article" in content else None
    lines = split_lines(article.text) if article else []
    verdicts = [
        Verdict(
            lines[number - 1],
            label,
            score,
            tuple(Span(*span) for span in spans),
            tuple(Reason(code, message, Span(*span) if span else None) for code, message, span in reasons),
        )
        for number, label, score, spans, reasons in content.get("verdicts", ())
    ]
    return Arrival(
        datetime.fromisoformat(content["when"]),
        content["model"],
        content["threshold"],
        content["line_count"],
        content["id_digest"],
        content["text_digest"],
        article,
        tuple(verdicts),
    )
