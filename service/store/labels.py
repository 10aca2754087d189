"""Decisions as labelled data, in the form that `training` reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, select

from service.store.schema import CLEAN, DECIDED, articles, decision_lines, decisions, lines

_AT_ONCE = 1000
_COLUMNS = (
    lines.c.id,
    lines.c.text,
    lines.c.folded,
    lines.c.near_key,
    lines.c.score,
    lines.c.model_version,
    lines.c.site,
    lines.c.missed_by,
    lines.c.decided_label,
    lines.c.decided_spans,
    lines.c.decided_by,
    lines.c.decided_at,
    articles.c.lang,
)


def read_labels(connection: Connection) -> Iterator[dict[str, Any]]:
    """Yield one row for each line that somebody decided, oldest line first.

    ``text``, ``spans`` (``[start, end, label]``, none for a clean line), ``lang``, ``kind`` and ``group`` are what training reads;
    ``label``, ``reviewer``, ``decided``, ``score``, ``model``, ``site`` and ``missed`` say where that comes from. ``contradictions``
    lists who said otherwise: of this line before, or of another line with the same text.
    """
    overruled = _overruled(connection)
    disputed = _disputed(connection)
    last = 0
    while rows := _read(connection, last):
        for row in rows:
            yield _label(row, overruled.get(row.id, []) + _otherwise(row, disputed.get(row.folded, ())))
        last = rows[-1].id


def _read(connection: Connection, after: int) -> list[Row[Any]]:
    query = select(*_COLUMNS).join_from(lines, articles).where(lines.c.state.in_(DECIDED), lines.c.id > after)
    return list(connection.execute(query.order_by(lines.c.id).limit(_AT_ONCE)))


def _label(row: Row[Any], contradictions: list[dict[str, str]]) -> dict[str, Any]:
    label = row.decided_label
    return {
        "id": f"line-{row.id}",
        "text": row.text,
        "spans": [] if label == CLEAN else [[start, end, label] for start, end in row.decided_spans],
        "lang": row.lang,
        "kind": "line",
        "group": row.near_key,
        "label": label,
        "reviewer": row.decided_by,
        "decided": row.decided_at.isoformat(timespec="seconds"),
        "score": None if row.missed_by else round(row.score, 6),
        "model": row.model_version,
        "site": row.site,
        "missed": row.missed_by is not None,
        "contradictions": contradictions,
    }


def _otherwise(row: Row[Any], said: Any) -> list[dict[str, str]]:
    return [each for each in said if each["label"] != row.decided_label]


def _overruled(connection: Connection) -> dict[int, list[dict[str, str]]]:
    """Return, by line, what other people said before and nobody took back."""
    query = (
        select(decision_lines.c.line_id, decisions.c.reviewer, decisions.c.label, decisions.c.at)
        .join_from(decision_lines, decisions)
        .join(lines, lines.c.id == decision_lines.c.line_id)
        .where(decisions.c.undone_by.is_(None), decisions.c.label != lines.c.decided_label, decisions.c.reviewer != lines.c.decided_by)
        .order_by(decisions.c.id)
    )
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    for line, reviewer, label, at in connection.execute(query):
        found[line].append(_said(reviewer, label, at))
    return found


def _disputed(connection: Connection) -> dict[str, list[dict[str, str]]]:
    """Return, by folded text, everything that was said of lines of that text, for the texts of which different things were."""
    decided = lines.c.state.in_(DECIDED)
    texts = select(lines.c.folded).where(decided).group_by(lines.c.folded).having(func.count(lines.c.decided_label.distinct()) > 1)
    query = select(lines.c.folded, lines.c.decided_by, lines.c.decided_label, func.min(lines.c.decided_at))
    query = query.where(decided, lines.c.folded.in_(texts)).group_by(lines.c.folded, lines.c.decided_by, lines.c.decided_label)
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for folded, reviewer, label, at in connection.execute(query):
        found[folded].append(_said(reviewer, label, at))
    return found


def _said(reviewer: str, label: str, at: Any) -> dict[str, str]:
    return {"reviewer": reviewer, "label": label, "decided": at.isoformat(timespec="seconds")}
