"""Pages of the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, select, tuple_

from service.review.desk import Page
from service.review.filters import Filters
from service.store.cards import make_cards
from service.store.schema import CONFIRMED, DECIDED, OPEN, REJECTED, UNFLAGGED, lines
from service.store.wording import fold_plainly
from service.submissions import InputError

PAGE = 25
STATES = {"decided": DECIDED, "confirmed": (CONFIRMED,), "rejected": (REJECTED,)}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page begins: after (or, backwards, before) the line with this key."""

    key: tuple[int, ...]
    backwards: bool = False

    def __str__(self) -> str:
        return ("-" if self.backwards else "") + ".".join(map(str, self.key))


def read_page(connection: Connection, filters: Filters, at: str | None, size: int = PAGE) -> Page:
    """Return a page; see `service.review.desk.Desk.queue`.

    Raises
    ------
    InputError
        If `at` is not what an earlier page said.
    """
    where = conditions(lines, filters)
    keys = _keys(filters)
    place = _parse(at, len(keys))
    rows = _read(connection, filters, where, place, size + 1)
    more = len(rows) > size
    rows = rows[:size]
    if place and place.backwards:
        rows.reverse()
        has_next, has_previous = True, more
    else:
        has_next, has_previous = more, place is not None
    total = connection.execute(select(func.count()).select_from(lines).where(*where)).scalar_one()
    return Page(
        make_cards(connection, rows),
        total,
        str(_Place(_key(rows[-1], keys))) if rows and has_next else None,
        str(_Place(_key(rows[0], keys), backwards=True)) if rows and has_previous else None,
    )


def conditions(table: Any, filters: Filters) -> list[ColumnElement[bool]]:
    """Return what a line of `table` (the lines, or an alias) has to be to pass `filters`."""
    columns = table.c
    exact = ((columns.site, filters.site), (columns.label, filters.label), (columns.model_version, filters.version))
    words = fold_plainly(filters.text).split() or [filters.text] if filters.text else []
    return [
        *_state(columns, filters.state),
        *(column == value for column, value in exact if value is not None),
        *([columns.score >= filters.low] if filters.low is not None else []),
        *([columns.score <= filters.high] if filters.high is not None else []),
        *([columns.seen >= _midnight(filters.since)] if filters.since else []),
        *([columns.seen < _midnight(filters.until + timedelta(days=1))] if filters.until else []),
        *(columns.folded.contains(word, autoescape=True) for word in words),
    ]


def _state(columns: Any, state: str) -> list[ColumnElement[bool]]:
    if state == "open":
        return [columns.state == OPEN, columns.current]
    if state in STATES:
        # That there is a decision is clear; said aloud, it lets an index give the order.
        return [columns.state.in_(STATES[state]), columns.decision_id.is_not(None)]
    return [columns.state != UNFLAGGED, columns.current]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _keys(filters: Filters) -> Sequence[Any]:
    """Return the columns that a view is ordered by: the queue by its own order, all else by what was done or came last."""
    if filters.state == "open":
        return (lines.c.rank, lines.c.id)
    return (lines.c.id,) if filters.state == "all" else (lines.c.decision_id, lines.c.id)


def _read(connection: Connection, filters: Filters, where: list[ColumnElement[bool]], place: _Place | None, size: int) -> list[Row[Any]]:
    keys = _keys(filters)
    query = select(lines).where(*where)
    if filters.state == "open":
        query = query.where(_first_of_group(filters))
    # The queue goes up, other views go down; a page before this one is read the other way round.
    upwards = (filters.state == "open") != bool(place and place.backwards)
    if place:
        here = tuple_(*keys)
        query = query.where(here > tuple_(*place.key) if upwards else here < tuple_(*place.key))
    return list(connection.execute(query.order_by(*(key if upwards else key.desc() for key in keys)).limit(size)))


def _first_of_group(filters: Filters) -> ColumnElement[bool]:
    """One line of each group of near-duplicates: its leader or, where filters hide some of the lines, the first of those that are left."""
    if filters == Filters():
        return lines.c.leader
    other = lines.alias("other")
    before = tuple_(other.c.rank, other.c.id) < tuple_(lines.c.rank, lines.c.id)
    return ~exists().where(and_(other.c.near_key == lines.c.near_key, before, *conditions(other, filters)))


def _key(row: Row[Any], keys: Sequence[Any]) -> tuple[int, ...]:
    return tuple(int(getattr(row, key.name)) for key in keys)


def _parse(at: str | None, length: int) -> _Place | None:
    if not at:
        return None
    parts = at.removeprefix("-").split(".")
    if len(parts) != length or not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in parts):
        raise InputError("is not where a page of this view begins", field="at")
    return _Place(tuple(map(int, parts)), at.startswith("-"))
