"""The flagged lines of an article: those that it has, those that it had, and those that somebody decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select, update

from model import Article, Line, Verdict
from model.lines import split_lines
from service.store.arrivals import Arrival
from service.store.names import first_seen
from service.store.order import rank
from service.store.schema import OPEN, UNDECIDED, UNFLAGGED, articles, decision_lines, decisions, lines
from service.store.wording import find_wording


def put_lines(connection: Connection, article_id: int, arrival: Arrival, article: Article, touched: set[str]) -> None:
    """Make the stored lines of an article those of `arrival`. A line is the same as long as its text is, wherever it moved."""
    waiting: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in _stored(connection, article_id):
        waiting[row.text].append(row)
    made = [new_line(article_id, arrival, verdict) for verdict in arrival.verdicts]
    since = first_seen(connection, {str(line["brand"]) for line in made}, arrival.when)
    site = connection.execute(select(articles.c.site).where(articles.c.id == article_id)).scalar_one()
    added = []
    for line in made:
        line["site"] = site
        line["rank"] = rank(line["score"], arrival.threshold, since.get(line["brand"]))
        touched.add(line["near_key"])
        before = waiting[line["text"]].pop(0) if waiting[line["text"]] else None
        if before is None:
            added.append(line)
        else:
            # Seen stays: it says when the line was flagged first. What somebody decided stays too.
            kept = {"seen", "day", "revision", "leader"} | ({"state"} if before.state != UNFLAGGED else set())
            changed = {key: value for key, value in line.items() if key not in kept}
            connection.execute(update(lines).where(lines.c.id == before.id).values(**changed))
    if added:
        connection.execute(insert(lines), added)
    left = [row for rows in waiting.values() for row in rows]
    if left:
        taken = {verdict.line.number for verdict in arrival.verdicts}
        _leave(connection, left, [line for line in split_lines(article.text) if line.number not in taken], touched)


def withdraw_lines(connection: Connection, article_id: int, text_digest: str, touched: set[str]) -> None:
    """Nothing is flagged in an article any more: keep what was decided of it, and nothing else."""
    text = connection.execute(select(articles.c.text).where(articles.c.id == article_id, articles.c.text_digest == text_digest)).scalar()
    _leave(connection, _stored(connection, article_id), split_lines(text or ""), touched)
    connection.execute(delete(articles).where(articles.c.id == article_id, ~exists().where(lines.c.article_id == articles.c.id)))


def new_line(article_id: int, arrival: Arrival, verdict: Verdict) -> dict[str, Any]:
    """Return the row of a flagged line, but for its site and rank."""
    line = verdict.line
    spans = [[span.start - line.start, span.end - line.start] for span in verdict.spans]
    return {
        "article_id": article_id,
        "number": line.number,
        "start": line.start,
        "text": line.text,
        "label": verdict.label,
        "score": verdict.score,
        "spans": spans,
        "reasons": [
            [reason.code, reason.message, reason.span and [reason.span.start - line.start, reason.span.end - line.start]]
            for reason in verdict.reasons
        ],
        "model_version": arrival.model_version,
        "leader": False,
        "current": True,
        "missed_by": None,
        "seen": arrival.when,
        "day": arrival.when.date(),
        "revision": 1,
        "state": OPEN,
        **find_wording(line.text, spans),
    }


def _stored(connection: Connection, article_id: int) -> list[Row[Any]]:
    columns = (lines.c.id, lines.c.number, lines.c.text, lines.c.state, lines.c.near_key)
    return list(
        connection.execute(select(*columns).where(lines.c.article_id == article_id).order_by(lines.c.current.desc(), lines.c.number))
    )


def _leave(connection: Connection, left: Iterable[Row[Any]], present: Iterable[Line], touched: set[str]) -> None:
    """Delete lines that are no longer flagged, but for those that somebody decided: they hold for as long as their text is there.

    Lines that were sent back to the queue are among these.
    """
    left = list(left)
    decided = _once_decided(connection, [row.id for row in left if row.state in UNDECIDED])
    places: dict[str, list[Line]] = defaultdict(list)
    for line in present:
        places[line.text].append(line)
    gone = []
    for row in left:
        touched.add(row.near_key)
        if row.state in UNDECIDED and row.id not in decided:
            gone.append(row.id)
            continue
        here = places[row.text].pop(0) if places[row.text] else None
        values: dict[str, Any] = {"current": True, "number": here.number, "start": here.start} if here else {"current": False}
        connection.execute(update(lines).where(lines.c.id == row.id).values(**values))
    if gone:
        # Asked again, because somebody may have decided one of them just now.
        connection.execute(delete(lines).where(lines.c.id.in_(gone), lines.c.state.in_(UNDECIDED)))


def _once_decided(connection: Connection, ids: list[int]) -> set[int]:
    """Return those of these lines that somebody decided and did not take back."""
    query = select(decision_lines.c.line_id).join_from(decision_lines, decisions)
    return (
        set(connection.execute(query.where(decision_lines.c.line_id.in_(ids), decisions.c.undone_by.is_(None))).scalars()) if ids else set()
    )
