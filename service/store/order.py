"""The order of the queue: nearest to the threshold first, of those equally near the newest names, and one line of each group."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import JSON, Connection, TableValuedAlias, cast, func, select, update

from service.store.schema import OPEN, lines

STEPS = 20  # distances from the threshold that count as equal: a twentieth
_LONG = 10**11  # seconds, more than any clock says
_AT_ONCE = 500


def rank(score: float, threshold: float, named_since: datetime | None) -> int:
    """Return the place of a line in the queue, smallest first; ``named_since`` is when the name that it promotes was seen first."""
    step = min(int(abs(score - threshold) * STEPS), STEPS)
    age = 0 if named_since is None else int(named_since.timestamp())
    return step * _LONG + (_LONG - 1 - age)


def appoint(connection: Connection, keys: Iterable[str]) -> None:
    """Make the first open line of each of these groups its leader, and no other."""
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), _AT_ONCE):
        _appoint(connection, wanted[start : start + _AT_ONCE])


def _appoint(connection: Connection, keys: list[str]) -> None:
    group = _rows(connection, keys)
    first = (
        select(lines.c.id)
        .where(lines.c.near_key == group.c.value, lines.c.state == OPEN, lines.c.current)
        .order_by(lines.c.rank, lines.c.id)
        .limit(1)
        .correlate(group)
        .scalar_subquery()
    )
    best = set(connection.execute(select(first).select_from(group)).scalars()) - {None}
    held = set(connection.execute(select(lines.c.id).where(lines.c.leader, lines.c.near_key.in_(keys))).scalars())
    # The old leader goes before the new one comes: an index allows one of them.
    for ids, leads in ((held - best, False), (best - held, True)):
        if ids:
            connection.execute(update(lines).where(lines.c.id.in_(sorted(ids))).values(leader=leads))


def _rows(connection: Connection, values: list[str]) -> TableValuedAlias:
    """Return `values` as a table with the one column ``value``."""
    listed = json.dumps(values)
    if connection.dialect.name == "postgresql":
        return func.json_array_elements_text(cast(values, JSON)).table_valued("value", name="wanted")
    return func.json_each(listed).table_valued("value", name="wanted")
