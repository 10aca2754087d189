"""What people decide, each act with who, when and what was before; and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from model import Span
from service.review.desk import ConflictError, GoneError, Saved
from service.store import order
from service.store.schema import CLEAN, CONFIRMED, OPEN, REJECTED, decision_lines, decisions, lines

LABELS = ("gambling", "promotion", CLEAN)
Spans = list[list[int]]


def decide(connection: Connection, line: int, revision: int, label: str, span: Span | None, reviewer: str, *, alone: bool) -> Saved:
    """Decide a line and, unless `alone`, those of its near-duplicates that nobody decided; see `service.review.desk.Desk`."""
    found = get_line(connection, line)
    if found.revision != revision:
        raise ConflictError(_words(found), found.revision)
    spans = relative(found, span) if span and label != CLEAN else None
    others = [] if alone or found.state != OPEN else _alike(connection, found)
    decided = [(found, spans), *((other, spans if other.text == found.text else None) for other in others)]
    return record(connection, decided, label, reviewer)


def record(connection: Connection, decided: Sequence[tuple[Row[Any], Spans | None]], label: str, reviewer: str) -> Saved:
    """Write down one decision on these lines, the first of which is the one that the reviewer saw.

    Raises
    ------
    ConflictError
        If that one has changed since it was read. Others that have changed are somebody else's now and left alone.
    ValueError
        If the label is unknown.
    """
    if label not in LABELS:
        raise ValueError(f"label must be one of {', '.join(LABELS)}")
    now, reviewer = datetime.now(UTC), reviewer[:80]
    decision = int(connection.execute(insert(decisions).values(reviewer=reviewer, at=now, label=label)).inserted_primary_key[0])  # type: ignore[index]
    state = REJECTED if label == CLEAN else CONFIRMED
    kept = []
    for row, spans in decided:
        # What the model marked holds, unless the reviewer says otherwise.
        marked = [] if label == CLEAN else spans or (row.decided_spans if row.state == CONFIRMED else None) or row.spans or whole(row.text)
        after = {"state": state, "decision_id": decision, "label": label, "spans": marked, "by": reviewer, "at": now.isoformat()}
        if _change(connection, row, after):
            kept.append({"decision_id": decision, "line_id": row.id, "before": snapshot(row), "after": after})
        elif not kept:
            newer = get_line(connection, row.id)
            raise ConflictError(_words(newer), newer.revision)
    connection.execute(insert(decision_lines), kept)
    order.appoint(connection, {row.near_key for row, _ in decided})
    return Saved(decision, len(kept), decided[0][0].revision + 1)


def undo(connection: Connection, decision: int, reviewer: str) -> Saved:
    """Take back a decision wherever it still holds; see `service.review.desk.Desk`."""
    changes = (decision_lines.c.line_id, decision_lines.c.before)
    before = {row.line_id: row.before for row in connection.execute(select(*changes).where(decision_lines.c.decision_id == decision))}
    done = connection.execute(select(decisions).where(decisions.c.id == decision)).one_or_none()
    if done is None or not before:
        raise GoneError("This decision is no longer stored.")
    if done.undone_by is not None:
        raise GoneError(f"{done.undone_by} has undone this already.")
    rows = connection.execute(select(lines).where(lines.c.decision_id == decision).order_by(lines.c.id)).all()
    changed = [row for row in rows if _change(connection, row, before[row.id])]
    if not changed:
        newest = get_line(connection, min(before))
        raise ConflictError(_words(newest), newest.revision)
    values = {"undone_by": reviewer[:80], "undone_at": datetime.now(UTC)}
    connection.execute(update(decisions).where(decisions.c.id == decision).values(**values))
    order.appoint(connection, {row.near_key for row in changed})
    return Saved(decision, len(changed), changed[0].revision + 1)


def get_line(connection: Connection, line: int) -> Row[Any]:
    """Return the row of a line; raise `GoneError` if there is none."""
    found = connection.execute(select(lines).where(lines.c.id == line)).one_or_none()
    if found is None:
        raise GoneError("This line is no longer stored.")
    return found


def whole(text: str) -> Spans:
    """Return the span of a whole line, without the white space around it."""
    stripped = text.strip()
    start = text.index(stripped)
    return [[start, start + len(stripped)]]


def snapshot(row: Row[Any]) -> dict[str, Any]:
    """Return what was decided of a line so far."""
    at = row.decided_at and row.decided_at.isoformat()
    return {
        "state": row.state,
        "decision_id": row.decision_id,
        "label": row.decided_label,
        "spans": row.decided_spans,
        "by": row.decided_by,
        "at": at,
    }


def _alike(connection: Connection, line: Row[Any]) -> Iterable[Row[Any]]:
    open_ones = (lines.c.near_key == line.near_key, lines.c.state == OPEN, lines.c.current, lines.c.id != line.id)
    return connection.execute(select(lines).where(*open_ones).order_by(lines.c.rank, lines.c.id)).all()


def _change(connection: Connection, row: Row[Any], to: dict[str, Any]) -> bool:
    """Write what is decided of a line unless it changed since it was read: of two reviewers, the second finds another revision."""
    values = {
        "state": to["state"],
        "decision_id": to["decision_id"],
        "decided_label": to["label"],
        "decided_spans": to["spans"],
        "decided_by": to["by"],
        "decided_at": to["at"] and datetime.fromisoformat(to["at"]),
        "revision": row.revision + 1,
        "leader": False,
    }
    unchanged = (lines.c.id == row.id) & (lines.c.revision == row.revision)
    return connection.execute(update(lines).where(unchanged).values(**values)).rowcount == 1


def relative(line: Row[Any], span: Span) -> Spans:
    """Return a span of the article as one of the line."""
    start, end = span.start - line.start, span.end - line.start
    if not 0 <= start < end <= len(line.text):
        raise ValueError("The marked part does not lie in that line.")
    return [[start, end]]


def _words(line: Row[Any]) -> str:
    if line.decided_by:
        return f"{line.decided_by} decided this line: {line.decided_label}."
    return "Somebody decided this line and took it back, or its article came again."
