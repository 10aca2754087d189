"""Forgetting articles: they hold personal data, and nobody may keep that for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, func, select

from service.store import order
from service.store.reading import find_key
from service.store.schema import articles, decision_lines, decisions, lines

AT_ONCE = 500  # articles that go in one transaction, so that nobody waits long


def too_old(days: float) -> ColumnElement[bool]:
    """Return which articles nobody submitted for so many days."""
    return articles.c.last_seen < datetime.now(UTC) - timedelta(days=days)


def count(connection: Connection, which: ColumnElement[bool]) -> int:
    """Return how many articles there are of that kind."""
    return connection.execute(select(func.count()).select_from(articles).where(which)).scalar_one()


def purge(connection: Connection, which: ColumnElement[bool]) -> int:
    """Delete up to `AT_ONCE` articles with their lines and what was decided of them; return how many went."""
    ids = list(connection.execute(select(articles.c.id).where(which).order_by(articles.c.id).limit(AT_ONCE)).scalars())
    if ids:
        _delete(connection, ids)
    return len(ids)


def purge_id(connection: Connection, id: str) -> int:
    """Delete the article that was submitted under an id."""
    key = find_key(connection, id, None)
    if key is None:
        return 0
    _delete(connection, [key])
    return 1


def _delete(connection: Connection, ids: list[int]) -> None:
    here: Any = lines.c.article_id.in_(ids)
    touched = set(connection.execute(select(lines.c.near_key).where(here)).scalars())
    acts = select(decision_lines.c.decision_id).join_from(decision_lines, lines, lines.c.id == decision_lines.c.line_id).where(here)
    emptied = set(connection.execute(acts).scalars())
    connection.execute(delete(articles).where(articles.c.id.in_(ids)))
    left = exists().where(decision_lines.c.decision_id == decisions.c.id)
    if emptied:
        connection.execute(delete(decisions).where(decisions.c.id.in_(emptied), ~left))
    order.appoint(connection, touched)
