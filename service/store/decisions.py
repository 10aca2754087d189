"""What people decide, each act with who, when and what was before; and taking it back."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from model import Span
from service.review.desk import ConflictError, GoneError, Saved
from service.store import order
from service.store.schema import CLEAN, CONFIRMED, OPEN, REJECTED, decision_lines, decisions, lines

LABELS = ("gambling", "promotion", CLEAN)
AT_ONCE = 1000  # lines of one statement
# What was decided of an open line so far.
NOTHING = {"state": OPEN, "decision_id": None, "label": None, "spans": None, "by": None, "at": None}
Spans = list[list[int]]


def decide(connection: Connection, line: int, revision: int, label: str, span: Span | None, reviewer: str, *, alone: bool) -> Saved:
    """Decide a line and, unless `alone`, those of its near-duplicates that nobody decided; see `service.review.desk.Desk`."""
    found = get_line(connection, line)
    if found.revision != revision:
        raise ConflictError(_words(found), found.revision)
    spans = relative(found, span) if span and label != CLEAN else None
    return record(connection, found, spans, label, reviewer, alone=alone or found.state != OPEN)


def record(connection: Connection, line: Row[Any], spans: Spans | None, label: str, reviewer: str, *, alone: bool = True) -> Saved:
    """Write down a decision on a line and, unless `alone`, on its open near-duplicates.

    Raises
    ------
    ConflictError
        If the line has changed since it was read.
    ValueError
        If the label is unknown.
    """
    if label not in LABELS:
        raise ValueError(f"label must be one of {', '.join(LABELS)}")
    now, reviewer = datetime.now(UTC), reviewer[:80]
    decision = int(connection.execute(insert(decisions).values(reviewer=reviewer, at=now, label=label)).inserted_primary_key[0])  # type: ignore[index]
    act = {
        "state": REJECTED if label == CLEAN else CONFIRMED,
        "decision_id": decision,
        "label": label,
        "by": reviewer,
        "at": now.isoformat(),
    }
    marked = [] if label == CLEAN else spans or (line.decided_spans if line.state == CONFIRMED else None) or line.spans or whole(line.text)
    unchanged = (lines.c.id == line.id) & (lines.c.revision == line.revision)
    if not _change(connection, unchanged, {**act, "spans": marked}):
        newer = get_line(connection, line.id)
        raise ConflictError(_words(newer), newer.revision)
    kept = [{"decision_id": decision, "line_id": line.id, "before": snapshot(line), "after": {**act, "spans": marked}}]
    if not alone:
        kept += _record_alike(connection, line, spans, act)
    connection.execute(insert(decision_lines), kept)
    order.appoint(connection, {line.near_key})
    return Saved(decision, len(kept), line.revision + 1)


def _record_alike(connection: Connection, line: Row[Any], spans: Spans | None, act: dict[str, Any]) -> list[dict[str, Any]]:
    """Decide the open near-duplicates of a line, in few statements because there may be thousands; return what is kept of it."""
    alike = (lines.c.near_key == line.near_key, lines.c.state == OPEN, lines.c.current, lines.c.id != line.id)
    marked: dict[int, Spans] = {}
    for key, text, own in connection.execute(select(lines.c.id, lines.c.text, lines.c.spans).where(*alike)):
        # What the model marked holds, unless the reviewer says otherwise.
        marked[key] = [] if act["label"] == CLEAN else (spans if text == line.text else None) or own or whole(text)
    after = {key: {**act, "spans": part} for key, part in marked.items()}
    changed = _change_many(connection, lines.c.state == OPEN, after)
    return [{"decision_id": act["decision_id"], "line_id": key, "before": NOTHING, "after": after[key]} for key in changed]


def undo(connection: Connection, decision: int, reviewer: str) -> Saved:
    """Take back a decision wherever it still holds; see `service.review.desk.Desk`."""
    changes = (decision_lines.c.line_id, decision_lines.c.before)
    before = {row.line_id: row.before for row in connection.execute(select(*changes).where(decision_lines.c.decision_id == decision))}
    done = connection.execute(select(decisions).where(decisions.c.id == decision)).one_or_none()
    if done is None or not before:
        raise GoneError("This decision is no longer stored.")
    if done.undone_by is not None:
        raise GoneError(f"{done.undone_by} has undone this already.")
    holds = lines.c.decision_id == decision
    changed = _change_many(connection, holds, before)
    if not changed:
        newest = get_line(connection, min(before))
        raise ConflictError(_words(newest), newest.revision)
    values = {"undone_by": reviewer[:80], "undone_at": datetime.now(UTC)}
    connection.execute(update(decisions).where(decisions.c.id == decision).values(**values))
    first = get_line(connection, min(changed))
    order.appoint(connection, {first.near_key})
    return Saved(decision, len(changed), first.revision)


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


def _change(connection: Connection, where: ColumnElement[bool], to: dict[str, Any]) -> list[int]:
    """Write what is decided of the lines that are still as `where` says, and return them: of two reviewers, the second finds none."""
    values = {
        "state": to["state"],
        "decision_id": to["decision_id"],
        "decided_label": to["label"],
        "decided_spans": to["spans"],
        "decided_by": to["by"],
        "decided_at": to["at"] and datetime.fromisoformat(to["at"]),
        "revision": lines.c.revision + 1,
        "leader": False,
    }
    return list(connection.execute(update(lines).where(where).values(**values).returning(lines.c.id)).scalars())


def _change_many(connection: Connection, where: ColumnElement[bool], changes: dict[int, dict[str, Any]]) -> list[int]:
    """Do the same for many lines, those with the same change together; return those that were still as `where` says."""
    same: dict[str, list[int]] = defaultdict(list)
    for key in sorted(changes):
        same[json.dumps(changes[key], sort_keys=True)].append(key)
    changed = []
    for keys in same.values():
        for start in range(0, len(keys), AT_ONCE):
            part = keys[start : start + AT_ONCE]
            changed += _change(connection, lines.c.id.in_(part) & where, changes[part[0]])
    return changed


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
