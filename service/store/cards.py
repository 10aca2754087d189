"""Stored lines as the cards of the queue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from model import Line, Reason, Span, Verdict
from model.lines import split_lines
from service.marking import mark_line
from service.review.desk import Card, Decision
from service.store.schema import CONFIRMED, OPEN, UNDECIDED, articles, lines

AROUND = 2
MOST_AROUND = 2000  # characters of the article on each side that the lines around are taken from
MOST_ALIKE = 5


def make_cards(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Card, ...]:
    """Return the cards of these lines."""
    texts = _surroundings(connection, rows)
    sizes = _group_sizes(connection, rows)
    alike = _alike(connection, [row for row in rows if sizes.get(row.near_key, 1) > 1])
    return tuple(_card(row, texts[row.id], sizes, alike) for row in rows)


def to_line(row: Row[Any]) -> Line:
    """Return a stored line as the model's."""
    return Line(row.number, row.start, row.start + len(row.text), row.text)


def to_verdict(row: Row[Any]) -> Verdict:
    """Return what holds of a line: what a reviewer confirmed or, before that, what the model said."""
    confirmed = row.state == CONFIRMED
    spans = row.decided_spans if confirmed else row.spans
    reasons = tuple(Reason(code, message, _span(row.start, span)) for code, message, span in row.reasons)
    label = row.decided_label if confirmed else row.label
    marked = tuple(Span(row.start + start, row.start + end) for start, end in spans)
    return Verdict(to_line(row), label, row.score, marked, reasons)


def to_decision(row: Row[Any]) -> Decision | None:
    """Return the decision that holds of a line, None if there is none."""
    return None if row.state in UNDECIDED else Decision(row.decision_id, row.decided_label, row.decided_by, row.decided_at)


def _span(start: int, span: Sequence[int] | None) -> Span | None:
    return Span(start + span[0], start + span[1]) if span else None


def _card(row: Row[Any], surroundings: Any, sizes: dict[str, int], alike: dict[str, list[tuple[int, str]]]) -> Card:
    before, after = _around(row, surroundings)
    verdict = to_verdict(row)
    is_open = row.state == OPEN
    return Card(
        id=row.id,
        revision=row.revision,
        article_id=row.article_id,
        title=surroundings.name,
        site=row.site,
        seen=row.seen,
        version=row.model_version,
        line=mark_line(verdict.line, verdict),
        before=before,
        after=after,
        label=verdict.label,
        score=row.score,
        reasons=tuple(reason.message for reason in verdict.reasons),
        group_size=sizes.get(row.near_key, 1) if is_open else 1,
        alike=tuple(text for other, text in alike.get(row.near_key, ()) if other != row.id)[:MOST_ALIKE] if is_open else (),
        decision=to_decision(row),
    )


def _surroundings(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, Any]:
    """Return, for each line, its article's name and the text right before and after it: articles may be long."""
    length = func.length(lines.c.text)
    first = case((lines.c.start > MOST_AROUND, lines.c.start - MOST_AROUND), else_=0)
    query = select(
        lines.c.id,
        articles.c.name,
        func.substr(articles.c.text, first + 1, lines.c.start - first).label("before"),
        func.substr(articles.c.text, lines.c.start + length + 1, MOST_AROUND).label("after"),
    ).join_from(lines, articles)
    return {found.id: found for found in connection.execute(query.where(lines.c.id.in_([row.id for row in rows])))}


def _around(row: Row[Any], text: Any) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    if not row.current:
        return (), ()  # it left its article, and so its place in it
    first = row.start - len(text.before)
    earlier = split_lines(text.before)
    # Numbered backwards from the line, because the text that is at hand does not begin with line 1.
    before = [Line(row.number - len(earlier) + i, first + line.start, first + line.end, line.text) for i, line in enumerate(earlier)]
    last = row.start + len(row.text)
    # The first of these is what is left of the line itself: nothing.
    after = [Line(row.number + i, last + line.start, last + line.end, line.text) for i, line in enumerate(split_lines(text.after))]
    return tuple(_visible(before)[-AROUND:]), tuple(_visible(after)[:AROUND])


def _visible(found: Sequence[Line]) -> list[Line]:
    return [line for line in found if line.text.strip()]


def _group_sizes(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, int]:
    keys = {row.near_key for row in rows if row.state == OPEN}
    query = select(lines.c.near_key, func.count()).where(lines.c.near_key.in_(keys), lines.c.state == OPEN, lines.c.current)
    return {row[0]: row[1] for row in connection.execute(query.group_by(lines.c.near_key))} if keys else {}


def _alike(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, list[tuple[int, str]]]:
    """Return the first texts of each group, to show what else a decision decides."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for key in {row.near_key for row in rows}:
        query = select(lines.c.id, lines.c.text).where(lines.c.near_key == key, lines.c.state == OPEN, lines.c.current)
        found[key] = [(row.id, row.text) for row in connection.execute(query.order_by(lines.c.rank, lines.c.id).limit(MOST_ALIKE + 1))]
    return found
