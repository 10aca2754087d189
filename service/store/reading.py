"""Whole articles, and lines that the model missed in them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from model import Line, Span
from model.lines import remove_spans, split_lines
from service.marking import mark_line
from service.review.desk import ArticleLine, ArticlePage, ConflictError, GoneError, Saved
from service.store.cards import to_decision, to_verdict
from service.store.decisions import LABELS, get_line, record, relative
from service.store.schema import CLEAN, CONFIRMED, REJECTED, UNFLAGGED, article_ids, articles, counts, lines
from service.store.wording import digest, find_wording


def read_article(connection: Connection, article: int) -> ArticlePage:
    """Return an article with its lines; see `service.review.desk.Desk`."""
    row = _get(connection, article)
    held = {line.number: line for line in _lines(connection, article)}
    spans = [span for line in held.values() if line.state not in (REJECTED, UNFLAGGED) for span in to_verdict(line).spans]
    return ArticlePage(
        id=row.id,
        title=row.name,
        url=row.url,
        seen=row.last_seen,
        version=row.model_version,
        lines=tuple(_line(line, held.get(line.number)) for line in split_lines(row.text)),
        clean_text=remove_spans(row.text, sorted(spans)),
    )


def find_key(connection: Connection, id: str | None, text: str | None) -> int | None:
    """Return the key of the article that was submitted under an id or with a text, None if it is not stored."""
    if id is not None:
        query = select(article_ids.c.article_id).where(article_ids.c.digest == digest("id", id))
    else:
        query = select(articles.c.id).where(articles.c.text_digest == digest("text", text or ""))
    return connection.execute(query).scalar()


def mark_line_as(
    connection: Connection, article: int, number: int, span: Span | None, label: str, reviewer: str, *, overrule: bool = True
) -> Saved:
    """Decide a line of an article by its number, whether or not the model flagged it; see `Desk.mark_missed`.

    Without ``overrule``, what another one decided stands, and what was said before is not said again.
    """
    if label not in LABELS:
        raise ValueError(f"label must be one of {', '.join(LABELS)}")
    row = _get(connection, article)
    split = split_lines(row.text)
    if not 1 <= number <= len(split):
        raise ValueError(f"The article has {len(split)} lines, and no line {number}.")
    line = split[number - 1]
    if not line.text.strip():
        raise ValueError("A blank line holds nothing to mark.")
    found = next((held for held in _lines(connection, article) if held.number == number), None) or _add(
        connection, row, line, label, reviewer
    )
    spans = relative(found, span) if span and label != CLEAN else None
    if overrule and found.state == CONFIRMED and found.decided_by != reviewer:
        # Whoever marks a line as missed saw nothing marked there.
        raise ConflictError(f"{found.decided_by} decided this line: {found.decided_label}.", found.revision)
    if not overrule and found.decided_by is not None:
        if found.decided_label == label and spans in (None, found.decided_spans):
            return Saved(found.decision_id, 0, found.revision)
        if found.decided_by != reviewer:
            raise ConflictError(f"{found.decided_by} decided this line: {found.decided_label}.", found.revision)
    return record(connection, found, spans, label, reviewer)


def _get(connection: Connection, article: int) -> Row[Any]:
    row = connection.execute(select(articles).where(articles.c.id == article)).one_or_none()
    if row is None:
        raise GoneError("This article is not stored.")
    return row


def _lines(connection: Connection, article: int) -> list[Row[Any]]:
    return list(connection.execute(select(lines).where(lines.c.article_id == article, lines.c.current).order_by(lines.c.number)))


def _line(line: Line, row: Row[Any] | None) -> ArticleLine:
    if row is None or row.state == UNFLAGGED or (row.missed_by and row.state == REJECTED):
        return ArticleLine(mark_line(line, None))
    return ArticleLine(mark_line(line, to_verdict(row)), row.id, row.revision, to_decision(row), row.missed_by)


def _add(connection: Connection, article: Row[Any], line: Line, label: str, reviewer: str) -> Row[Any]:
    """Store a line of which the model said nothing, for the decision that comes next."""
    values = {
        "article_id": article.id,
        "number": line.number,
        "start": line.start,
        "text": line.text,
        "label": label,
        "score": 0.0,
        "spans": [],
        "reasons": [],
        "model_version": article.model_version,
        "site": article.site,
        "rank": 0,
        "leader": False,
        "current": True,
        "missed_by": reviewer[:80],
        "seen": article.last_seen,
        "day": article.last_seen.date(),
        "revision": 1,
        "state": UNFLAGGED,
        **find_wording(line.text, []),
    }
    result = connection.execute(insert(lines).values(**values))
    return get_line(connection, result.inserted_primary_key[0])  # type: ignore[index]


def versions(connection: Connection) -> list[str]:
    """Return the model versions that flagged anything, the last one first."""
    last = func.max(counts.c.day)
    query = select(counts.c.model_version).where(counts.c.flagged_articles > 0).group_by(counts.c.model_version)
    return list(connection.execute(query.order_by(last.desc(), counts.c.model_version.desc())).scalars())
