"""When promoted names were seen first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from service.store.schema import brands
from service.store.sql import upsert


def first_seen(connection: Connection, names: Iterable[str], now: datetime) -> dict[str, datetime]:
    """Return since when each name is known; those that are not are from now on."""
    wanted = sorted(set(names) - {""})
    if not wanted:
        return {}
    known = upsert(connection, brands).on_conflict_do_nothing()
    connection.execute(known, [{"name": name, "first_seen": now} for name in wanted])
    return {row.name: row.first_seen for row in connection.execute(select(brands).where(brands.c.name.in_(wanted)))}
