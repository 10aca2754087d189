"""Taking over what waited on disk, each entry once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from service.store.arrivals import Arrival
from service.store.saving import save
from service.store.schema import outboxes
from service.store.sql import upsert


def take(connection: Connection, name: str, entries: Sequence[tuple[int, Arrival]]) -> None:
    """Keep entries of an outbox, numbered in order, and remember how far it was read, in one transaction.

    If the connection breaks while this is written, nobody knows whether it was: the next attempt passes over what is there.
    """
    last = connection.execute(select(outboxes.c.last).where(outboxes.c.name == name).with_for_update()).scalar() or 0
    new = [(number, arrival) for number, arrival in entries if number > last]
    if not new:
        return
    save(connection, [arrival for _, arrival in new])
    mark = upsert(connection, outboxes).values(name=name, last=new[-1][0])
    connection.execute(mark.on_conflict_do_update(index_elements=[outboxes.c.name], set_={"last": mark.excluded.last}))
