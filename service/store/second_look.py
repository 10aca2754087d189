"""Sending decided lines back to the queue: somebody, or a model that was trained on the decision, has doubts about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from service.store import order
from service.store.schema import CLEAN, DECIDED, OPEN, lines
from service.store.wording import fold_plainly, near_key

CODE = "second-look"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A text of which one of these labels may be wrong, and why."""

    text: str
    labels: frozenset[str]
    why: str


def reopen(connection: Connection, doubts: Iterable[Doubt]) -> int:
    """Open the decided lines with these texts and labels again, in this order at the head of the queue; return how many there were.

    What was decided is no label any more until somebody decides anew; it stays in the history of the line. A line is sent back once:
    who decides it a second time knows of the doubt.
    """
    groups = set()
    opened = 0
    for place, doubt in enumerate(doubts):
        for row in _decided(connection, doubt):
            connection.execute(update(lines).where(lines.c.id == row.id).values(**_opened(row, doubt, place)))
            groups.add(row.near_key)
            opened += 1
    order.appoint(connection, groups)
    return opened


def _decided(connection: Connection, doubt: Doubt) -> list[Row[Any]]:
    query = select(lines).where(lines.c.near_key == near_key(doubt.text), lines.c.folded == fold_plainly(doubt.text))
    rows = connection.execute(query.where(lines.c.state.in_(DECIDED), lines.c.current, lines.c.decided_label.in_(doubt.labels)))
    return [row for row in rows if not _was_sent_back(row.reasons)]


def _was_sent_back(reasons: Collection[list[Any]]) -> bool:
    return any(code == CODE for code, _, _ in reasons)


def _opened(row: Row[Any], doubt: Doubt, place: int) -> dict[str, Any]:
    # Of a line that the model missed, the reviewer's mark is the only one there is.
    marked = {"label": row.decided_label, "spans": row.decided_spans} if row.missed_by and row.decided_label != CLEAN else {}
    return {
        **marked,
        "state": OPEN,
        "decision_id": None,
        "decided_label": None,
        "decided_spans": None,
        "decided_by": None,
        "decided_at": None,
        "revision": row.revision + 1,
        "rank": place,
        "reasons": [[CODE, f"{row.decided_by} said {row.decided_label}, but {doubt.why}", None], *row.reasons],
    }
